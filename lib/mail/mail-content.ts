import type { TimeZoneId } from "@/lib/calendar/time-zone";

export type MailLocale = "en" | "fr";
export type BookingNews = "confirmed" | "moved" | "cancelled";

/** What a mail about a booking tells, in its reader's language and zone. All texts are plain: nothing is markup. */
export interface BookingMail {
  template: "booking";
  audience: "client" | "provider";
  news: BookingNews;
  locale: MailLocale;
  timeZone: TimeZoneId;
  start: Date;
  end: Date;
  serviceName: string;
  providerName: string;
  clientName: string;
  clientEmail: string | null;
  clientPhone: string | null;
  address: string | null;
  instructions: string | null;
  price: { amount: number; currency: string } | null;
  cancelReason: string | null;
  /** The client's own page of the booking, or the provider's list. Null when the link can no longer be opened. */
  link: string | null;
}

/** What a mail about a connection that its vendor no longer answers tells. */
export interface ConnectionMail {
  template: "connection_dead";
  locale: MailLocale;
  timeZone: TimeZoneId;
  vendor: "google" | "microsoft";
  accountEmail: string;
  since: Date;
  reason: "revoked" | "expired" | "admin_policy" | "insufficient_scopes" | "key_missing";
  /** Bookings made since then that are not in its calendar. */
  missingBookings: number;
  /** Where it is reconnected. */
  link: string;
}

type MailContent = BookingMail | ConnectionMail;

interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

/** Words and look; lives outside of `lib`, which knows no React. */
export type RenderMail = (content: MailContent) => Promise<RenderedMail>;

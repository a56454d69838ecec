import type { ProviderName } from "@/app/_components/provider-name";
import type { ExportProblem, ExportState } from "@/app/(dashboard)/bookings/export-state";
import type { ServiceKind } from "@/app/(dashboard)/services/service";

/** A calendar as its owner knows it; nulls once it is no longer connected. */
export interface NamedCalendar {
  name: string | null;
  account: string | null;
}

/** A booking's event in one calendar. */
export interface BookingEvent extends NamedCalendar {
  key: string;
  provider: ProviderName;
  integrationId: string | null;
  state: ExportState;
  problem: ExportProblem | null;
  syncedAt: string | null;
}

interface BookingClient {
  name: string;
  email: string | null;
  phone: string | null;
}

/** What was known of a calendar when a booking was made. */
export interface ReceiptLine extends NamedCalendar {
  calendarId: string;
  state: "fresh" | "stale" | "unknown" | "live";
  syncedAt: string | null;
}

/** A booking as the pages show it; instants are RFC 3339. */
export interface Booking {
  id: string;
  serviceName: string;
  kind: ServiceKind;
  status: "confirmed" | "cancelled";
  /** Where `now` lies: only what has not begun can be moved, only what is not over can be cancelled. */
  phase: "ahead" | "now" | "over";
  start: string;
  end: string;
  /** The zone its client reads times in. */
  timeZone: string;
  client: BookingClient;
  address: string | null;
  instructions: string | null;
  price: { amount: number; currency: string } | null;
  source: "client" | "provider" | "api";
  version: number;
  createdAt: string;
  cancelledAt: string | null;
  cancelledBy: "client" | "provider" | null;
  cancelReason: string | null;
  events: BookingEvent[];
  receipt: ReceiptLine[];
}

/** A stretch that can be booked. */
export interface Slot {
  start: string;
  end: string;
}

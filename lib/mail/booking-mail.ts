import { eq } from "drizzle-orm";
import { bookings, services as offered } from "@/db/schema/bookings";
import { users } from "@/db/schema/users";
import { bookingLinkPath, openBookingLink } from "@/lib/bookings/booking-link";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import type { Services } from "@/lib/connections/services";
import { judgeNews } from "@/lib/mail/booking-news";
import { calendarFile } from "@/lib/mail/calendar-file";
import type { ClaimedMail } from "@/lib/mail/claim";
import type { BookingMail, MailLocale } from "@/lib/mail/mail-content";
import type { DropReason } from "@/lib/mail/outcomes";
import { SealError } from "@/lib/platform/crypto";
import type { MailTransport, OutgoingMail } from "@/lib/platform/mail";
import { isMailAddress, type MailAddress } from "@/lib/platform/mail-address";

/** A mail ready to be put into words, or why nobody is to get it. */
export type Prepared =
  | { drop: DropReason; all: boolean }
  | {
      to: MailAddress;
      content: BookingMail;
      calendar: OutgoingMail["calendar"];
      told: { version: number };
    };

interface Found {
  booking: typeof bookings.$inferSelect;
  serviceName: string;
  location: string | null;
  provider: Pick<typeof users.$inferSelect, "name" | "email" | "locale" | "timeZone" | "disabledAt">;
}

/** What a booking's mail says, read now. Clients read it in the booking's language and zone, providers in theirs. */
export async function prepareBookingMail(
  services: Services,
  transport: Pick<MailTransport, "from">,
  mail: ClaimedMail & { bookingId: string },
): Promise<Prepared> {
  const found = await readBooking(services, mail.bookingId);
  if (found === null) return { drop: "gone", all: false };
  const { booking, provider } = found;
  const now = services.clock.now();
  const verdict = judgeNews(mail, booking, now);
  if ("drop" in verdict) return verdict;
  const audience = mail.kind.startsWith("provider_") ? "provider" : "client";
  if (audience === "provider" && provider.disabledAt !== null) return { drop: "disabled", all: true };
  const to = recipient(found, audience);
  if (to === null) return { drop: "no_address", all: false };
  const content: BookingMail = {
    template: "booking",
    audience,
    news: verdict.send,
    locale: localeOf(audience === "client" ? booking.locale : provider.locale),
    timeZone: parseTimeZone(audience === "client" ? booking.timeZone : provider.timeZone) ?? UTC,
    start: booking.startsAt,
    end: booking.endsAt,
    serviceName: found.serviceName,
    providerName: provider.name,
    clientName: booking.clientName,
    clientEmail: booking.clientEmail,
    clientPhone: booking.clientPhone,
    address: booking.address ?? found.location,
    instructions: booking.instructions,
    price:
      booking.priceAmount === null || booking.priceCurrency === null
        ? null
        : { amount: booking.priceAmount, currency: booking.priceCurrency },
    cancelReason: booking.cancelReason,
    link: audience === "client" ? await clientLink(services, booking) : `${services.appOrigin}/bookings`,
  };
  const file = { id: booking.id, version: booking.version, organizer: transport.from.address, to, now };
  return {
    to,
    content,
    calendar:
      audience === "client" ? calendarFile(content, { ...file, appOrigin: services.appOrigin }) : null,
    told: { version: booking.version },
  };
}

async function readBooking({ db }: Services, bookingId: string): Promise<Found | null> {
  const [row] = await db
    .select({
      booking: bookings,
      serviceName: offered.name,
      location: offered.location,
      provider: {
        name: users.name,
        email: users.email,
        locale: users.locale,
        timeZone: users.timeZone,
        disabledAt: users.disabledAt,
      },
    })
    .from(bookings)
    .innerJoin(offered, eq(offered.id, bookings.serviceId))
    .innerJoin(users, eq(users.id, bookings.userId))
    .where(eq(bookings.id, bookingId));
  return row ?? null;
}

function recipient({ booking, provider }: Found, audience: "client" | "provider"): MailAddress | null {
  const [name, address] =
    audience === "client" ? [booking.clientName, booking.clientEmail] : [provider.name, provider.email];
  return address !== null && isMailAddress(address) ? { name, address } : null;
}

/** A mail without its button is better than none. */
async function clientLink(services: Services, booking: Found["booking"]): Promise<string | null> {
  try {
    const token = await openBookingLink(services.db, booking, services.masterKeys);
    return services.appOrigin + bookingLinkPath(token);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

export function localeOf(stored: string): MailLocale {
  return stored === "fr" ? "fr" : "en";
}

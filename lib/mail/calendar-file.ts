import ical, {
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalCalendarMethod,
  ICalEventStatus,
} from "ical-generator";
import type { BookingMail } from "@/lib/mail/mail-content";
import type { OutgoingMail } from "@/lib/platform/mail";
import { headerText, type MailAddress } from "@/lib/platform/mail-address";

interface Place {
  id: string;
  /** Grows with every change, so that a calendar program knows which of two files is the newer. */
  version: number;
  /** Answers to the invitation come to the sender of our mails; the provider's own address is not given away. */
  organizer: string;
  to: MailAddress;
  appOrigin: string;
  now: Date;
}

/**
 * The booking as an iCalendar file (RFC 5545, method by RFC 5546). One UID for its whole life, so that a move moves
 * the entry and a cancellation removes it. Times are UTC instants: no zone definition can disagree with them.
 */
export function calendarFile(mail: BookingMail, place: Place): NonNullable<OutgoingMail["calendar"]> {
  const cancelled = mail.news === "cancelled";
  const calendar = ical({
    prodId: { company: "Entente", product: "Entente" },
    method: cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
  });
  const event = calendar.createEvent({
    id: `${place.id}@${new URL(place.appOrigin).host}`,
    sequence: place.version,
    stamp: place.now,
    start: mail.start,
    end: mail.end,
    summary: headerText(`${mail.serviceName} (${mail.providerName})`),
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    organizer: { name: headerText(mail.providerName), email: place.organizer },
  });
  event.createAttendee({
    name: headerText(place.to.name ?? place.to.address),
    email: place.to.address,
    role: ICalAttendeeRole.REQ,
    status: ICalAttendeeStatus.ACCEPTED,
    rsvp: false,
  });
  if (mail.address !== null) event.location(headerText(mail.address));
  const description = [mail.instructions, mail.link].filter((part) => part !== null).join("\n\n");
  if (description !== "") event.description(description);
  if (mail.link !== null) event.url(mail.link);
  return { method: cancelled ? "CANCEL" : "REQUEST", content: calendar.toString() };
}

import ical, {
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalCalendarMethod,
  type ICalEvent,
  ICalEventStatus,
} from "ical-generator";
import type { BookingMail } from "@/lib/mail/mail-content";
import type { OutgoingMail } from "@/lib/platform/mail";
import { headerText, type MailAddress } from "@/lib/platform/mail-address";

/** What the entry in a client's calendar says. */
type Entry = Pick<
  BookingMail,
  "start" | "end" | "serviceName" | "providerName" | "address" | "instructions" | "link"
>;

interface Origin {
  id: string;
  /** Grows with every change, so that a calendar program knows which of two files is the newer. */
  version: number;
  appOrigin: string;
  now: Date;
}

interface Place extends Origin {
  /** Answers to the invitation come to the sender of our mails; the provider's own address is not given away. */
  organizer: string;
  to: MailAddress;
}

/** The booking as an invitation, by mail: RFC 5545, its method by RFC 5546. */
export function calendarFile(mail: BookingMail, place: Place): NonNullable<OutgoingMail["calendar"]> {
  const cancelled = mail.news === "cancelled";
  const calendar = newFile(cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST);
  const event = calendar.createEvent(entryOf(mail, place));
  event.status(cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED);
  event.organizer({ name: headerText(mail.providerName), email: place.organizer });
  event.createAttendee({
    name: headerText(place.to.name ?? place.to.address),
    email: place.to.address,
    role: ICalAttendeeRole.REQ,
    status: ICalAttendeeStatus.ACCEPTED,
    rsvp: false,
  });
  describe(event, mail);
  return { method: cancelled ? "CANCEL" : "REQUEST", content: calendar.toString() };
}

/** The same entry to be taken from a page: nobody is invited, so no calendar program answers anybody. */
export function calendarDownload(entry: Entry, origin: Origin): string {
  const calendar = newFile(ICalCalendarMethod.PUBLISH);
  const event = calendar.createEvent(entryOf(entry, origin));
  event.status(ICalEventStatus.CONFIRMED);
  describe(event, entry);
  return calendar.toString();
}

function newFile(method: ICalCalendarMethod) {
  return ical({ prodId: { company: "Entente", product: "Entente" }, method });
}

/**
 * One UID for a booking's whole life, so that a move moves the entry and a cancellation removes it. Times are UTC
 * instants: no zone definition can disagree with them.
 */
function entryOf({ start, end, serviceName, providerName }: Entry, origin: Origin) {
  return {
    id: `${origin.id}@${new URL(origin.appOrigin).host}`,
    sequence: origin.version,
    stamp: origin.now,
    start,
    end,
    summary: headerText(`${serviceName} (${providerName})`),
  };
}

function describe(event: ICalEvent, { address, instructions, link }: Entry): void {
  if (address !== null) event.location(headerText(address));
  const description = [instructions, link].filter((part) => part !== null).join("\n\n");
  if (description !== "") event.description(description);
  if (link !== null) event.url(link);
}

import type { SERVICE_KINDS } from "@/db/schema/bookings";
import { contentHash } from "@/lib/calendar/shape-hash";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import { type Words, wordsIn } from "@/lib/platform/words";
import type { EventDraft } from "@/lib/providers/event-writer";

export interface BookingFacts {
  readonly id: string;
  readonly kind: (typeof SERVICE_KINDS)[number];
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly clientName: string;
  readonly clientEmail: string | null;
  readonly clientPhone: string | null;
  readonly address: string | null;
  readonly instructions: string | null;
  readonly serviceName: string;
  readonly serviceLocation: string | null;
}

export interface DraftOptions {
  /** `minimal` tells the kind, the service and its place: nothing of the client. */
  readonly details: "full" | "minimal";
  /** The provider's language. */
  readonly locale: string;
  readonly timeZone: TimeZoneId;
  readonly appOrigin: string;
}

/** An import keeps this much of a title or place, and both sides must come to the same mark. */
const MAX_LINE = 500;
const MAX_INSTRUCTIONS = 4_000;

/** What a booking looks like in its provider's own calendar. */
export function draftEvent(booking: BookingFacts, options: DraftOptions): EventDraft {
  const words = wordsIn(options.locale);
  const link = `${options.appOrigin}/bookings/${booking.id}`;
  const full = options.details === "full";
  const shown = {
    title: titleOf(words, booking, full),
    location: line((full ? booking.address : null) ?? booking.serviceLocation ?? "") || null,
    description: [...(full ? clientLines(words, booking) : []), words("exports.event.link", { link })].join(
      "\n",
    ),
  };
  const [start, end] = [instant(booking.startsAt), instant(booking.endsAt)];
  return {
    ...shown,
    start: start.at,
    end: end.at,
    timeZone: options.timeZone,
    bookingMarker: booking.id,
    link,
    stamp: contentHash({ title: shown.title, location: shown.location, start, end }, shown.description),
  };
}

/** Vendors keep whole seconds. */
function instant(at: Date) {
  return { kind: "instant", at: new Date(Math.floor(at.getTime() / 1_000) * 1_000), zone: null } as const;
}

function titleOf(words: Words, booking: BookingFacts, full: boolean): string {
  const kind = words(`exports.event.kinds.${booking.kind}`);
  const [service, client] = [line(booking.serviceName), line(booking.clientName)];
  const title =
    full && client !== ""
      ? words("exports.event.title", { kind, service, client })
      : words("exports.event.titleAlone", { kind, service });
  return line(title);
}

function clientLines(words: Words, booking: BookingFacts): string[] {
  const [phone, email] = [line(booking.clientPhone ?? ""), line(booking.clientEmail ?? "")];
  const text = plain(booking.instructions ?? "")
    .slice(0, MAX_INSTRUCTIONS)
    .toWellFormed()
    .trim();
  return [
    words("exports.event.client", { name: line(booking.clientName) }),
    ...(phone === "" ? [] : [words("exports.event.phone", { phone })]),
    ...(email === "" ? [] : [words("exports.event.email", { email })]),
    ...(text === "" ? [] : [words("exports.event.instructions", { text })]),
    "",
  ];
}

/** One line of plain text. */
function line(text: string): string {
  return plain(text)
    .replace(/[ \n\t]+/g, " ")
    .slice(0, MAX_LINE)
    .toWellFormed()
    .trim();
}

/** Vendors show descriptions as HTML: what a client typed must never become a link or a picture there. */
function plain(text: string): string {
  const unix = text.replaceAll("\r\n", "\n").replaceAll("<", "‹").replaceAll(">", "›");
  return unix.replace(/[^\P{Cc}\n\t]/gu, "").toWellFormed();
}

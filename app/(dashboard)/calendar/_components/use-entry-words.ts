import { useFormatter, useTimeZone, useTranslations } from "next-intl";
import { useCalendarProducts } from "@/app/_components/provider-name";
import type { EntryDetails } from "@/app/(dashboard)/calendar/_components/entry-details";
import type { CalendarEntry } from "@/app/(dashboard)/calendar/calendar-entry";
import { dayOf, startOfDay } from "@/lib/calendar/event-time";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";

interface EntryWords {
  /** The hours, or "all day". */
  time: string;
  /** An all-day entry whose days are not days here: its hours matter. */
  exact: boolean;
  meta: string;
  /** What is wrong with it, for a mark on its box. */
  trouble: string | null;
  /** Day and hours, without the year. */
  when: string;
  details: EntryDetails;
}

/** An entry in the visitor's words, made on the server so that the page carries no formatter for it. */
export function useEntryWords(entry: CalendarEntry): EntryWords {
  const t = useTranslations("calendar");
  const products = useCalendarProducts();
  const when = useEntryTimes(entry);
  const reason = useReasonWords(entry);
  const trouble = useTroubleWords(entry);
  const { calendar, displaced, booking } = entry;
  const title = entry.title || t(entry.source === "manual" ? "timeOff.untitled" : "untitled");
  return {
    time: when.time,
    exact: when.exact,
    when: when.short,
    meta: [
      entry.blocks ? null : t("doesNotBlock"),
      displaced === null ? null : t("displaced.short"),
      booking === null ? null : (trouble?.message ?? t("booking.short")),
      entry.source === "manual" || !entry.blocks ? reason : calendar?.name,
    ]
      .filter((part) => part !== null && part !== undefined)
      .join(" · "),
    trouble: trouble?.message ?? (displaced === null ? null : t("displaced.short")),
    details: {
      id: entry.id,
      source: entry.source,
      title,
      when: when.full,
      location: entry.location,
      calendar:
        calendar === null
          ? null
          : { name: calendar.name, account: `${calendar.account} · ${products[calendar.provider]}` },
      attendees: entry.attendees.map(({ who, response }) => ({
        who: who ?? t("someone"),
        response: t(`response.${response}`),
      })),
      blocks: entry.blocks,
      reason,
      choices: choicesFor(entry),
      changeId: entry.heldBy,
      bookingId: booking?.id ?? displaced?.bookingId ?? null,
      trouble,
    },
  };
}

function useReasonWords({ reason, source, displaced, heldBy }: CalendarEntry): string {
  const t = useTranslations("calendar");
  const { dateTimeRange } = useFormatter();
  if (displaced !== null) {
    const time = dateTimeRange(displaced.start, displaced.end, { ...SHORT_DAY, ...HOURS });
    return t("displaced.reason", { client: displaced.client, time });
  }
  if (source === "booking") return t("booking.reason");
  return t(`reason.${reason ?? (heldBy === null ? "time_off" : "time_held")}`);
}

function useTroubleWords({ booking }: CalendarEntry): EntryDetails["trouble"] {
  const t = useTranslations("bookings.export.problem");
  const products = useCalendarProducts();
  if (booking === null || booking.trouble === null) return null;
  const { problem, provider } = booking.trouble;
  const values = { product: products[provider] };
  return { message: t(`${problem}.message`, values), fix: t(`${problem}.fix`, values) };
}

/** What the person may still decide: true and false block or free it, null leaves it to the rules. */
function choicesFor({ source, reason, override, blocks, displaced }: CalendarEntry): (boolean | null)[] {
  // A moved event of ours is decided about with its booking; what we wrote ourselves and what has no length takes no
  // time, whatever is said of it.
  if (source !== "external" || displaced !== null || reason === "ours" || reason === "zero_length") return [];
  return override === null ? [!blocks] : [!override, null];
}

const HOURS = { hour: "numeric", minute: "2-digit" } as const;
const SHORT_DAY = { weekday: "short", day: "numeric", month: "short" } as const;
const DAY = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;

interface EntryTimes {
  time: string;
  short: string;
  full: string;
  exact: boolean;
}

function useEntryTimes({ start, end, allDay }: CalendarEntry): EntryTimes {
  const t = useTranslations("calendar");
  const { dateTime, dateTimeRange } = useFormatter();
  const zone = parseTimeZone(useTimeZone()) ?? UTC;
  const beginsDay = (at: Date) => startOfDay(dayOf(at, zone), zone).getTime() === at.getTime();
  const exact = allDay && !(beginsDay(start) && beginsDay(end));
  const last = new Date(Math.max(end.getTime() - 1, start.getTime()));
  if (allDay && !exact) {
    const [short, full] = [dateTimeRange(start, last, SHORT_DAY), dateTimeRange(start, last, DAY)];
    return { time: t("allDay"), short, full, exact };
  }
  const days = dateTime(start, DAY) !== dateTime(last, DAY);
  return {
    time: dateTimeRange(start, end, days ? { ...HOURS, day: "numeric", month: "short" } : HOURS),
    short: dateTimeRange(start, end, { ...SHORT_DAY, ...HOURS }),
    full: dateTimeRange(start, end, { ...DAY, ...HOURS }),
    exact: exact || days,
  };
}

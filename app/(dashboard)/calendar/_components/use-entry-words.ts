import { useFormatter, useTimeZone, useTranslations } from "next-intl";
import { useCalendarProducts } from "@/app/_components/provider-name";
import type { EntryDetails } from "@/app/(dashboard)/calendar/_components/entry-dialog";
import type { CalendarEntry } from "@/app/(dashboard)/calendar/calendar-entry";
import { dayOf, startOfDay } from "@/lib/calendar/event-time";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";

interface EntryWords {
  /** The hours, or "all day". */
  time: string;
  /** An all-day entry whose days are not days here: its hours matter. */
  exact: boolean;
  meta: string;
  /** Day and hours, without the year. */
  when: string;
  details: EntryDetails;
}

/** An entry in the visitor's words, made on the server so that the page carries no formatter for it. */
export function useEntryWords(entry: CalendarEntry): EntryWords {
  const t = useTranslations("calendar");
  const products = useCalendarProducts();
  const when = useEntryTimes(entry);
  const reason = t(`reason.${entry.reason ?? "time_off"}`);
  const { calendar } = entry;
  const title = entry.title || t(entry.source === "manual" ? "timeOff.untitled" : "untitled");
  return {
    time: when.time,
    exact: when.exact,
    when: when.short,
    meta: [
      entry.blocks ? null : t("doesNotBlock"),
      entry.source === "manual" || !entry.blocks ? reason : calendar?.name,
    ]
      .filter((part) => part !== null && part !== undefined)
      .join(" · "),
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
    },
  };
}

/** What the person may still decide: true and false block or free it, null leaves it to the rules. */
function choicesFor({ source, reason, override, blocks }: CalendarEntry): (boolean | null)[] {
  // Neither what we wrote ourselves nor what has no length takes any time, whatever is said of it.
  if (source === "manual" || reason === "ours" || reason === "zero_length") return [];
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

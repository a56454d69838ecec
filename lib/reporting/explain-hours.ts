import { dayOf } from "@/lib/calendar/event-time";
import { addDays, type IsoDate } from "@/lib/calendar/iso-date";
import { subtract, type TimeRange } from "@/lib/calendar/time-range";
import { workingIntervals } from "@/lib/calendar/working-intervals";
import type { ExplainFacts } from "@/lib/reporting/explain-facts";
import { type Reason, reason } from "@/lib/reporting/explain-reason";

/** Days told of one by one; the rest of a long time says nothing new. */
const MOST_DAYS = 14;

/** The days on which part of the time lies outside working hours, each with the rule that says so. */
export function hoursReasons({ hours }: Pick<ExplainFacts, "hours">, time: TimeRange): Reason[] {
  const { zone, updatedAt } = hours;
  const outside = subtract([time], workingIntervals(hours, zone, time));
  const days = new Set<IsoDate>();
  for (const { start, end } of outside) {
    const last = dayOf(new Date(end.getTime() - 1), zone);
    for (let day = dayOf(start, zone); day <= last && days.size < MOST_DAYS; day = addDays(day, 1))
      days.add(day);
  }
  return [...days].map((day) => {
    const exception = hours.exceptions.find(({ date }) => date === day);
    const ranges = exception?.ranges ?? hours.weekly[weekdayOf(day)];
    const said = ranges.map(({ from, to }) => `${from}–${to}`).join(", ") || "none";
    const rule = exception === undefined ? "your weekly hours" : "the hours you set for this day";
    return reason({
      code: exception === undefined ? "outside_weekly_hours" : "outside_exception_hours",
      blocks: true,
      title: `${day} is outside ${rule} (${said}, ${zone})`,
      source: "working_hours",
      learnedAt: updatedAt?.toISOString() ?? null,
      fix: { action: "change_working_hours" },
    });
  });
}

function weekdayOf(day: IsoDate) {
  return (
    (["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const)[new Date(`${day}T00:00:00Z`).getUTCDay()] ??
    "sun"
  );
}

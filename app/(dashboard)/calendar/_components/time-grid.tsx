import { useFormatter, useTranslations } from "next-intl";
import type { CSSProperties } from "react";
import { cn } from "@/app/_components/cn";
import styles from "@/app/(dashboard)/calendar/_components/calendar.module.css";
import { DayColumn } from "@/app/(dashboard)/calendar/_components/day-column";
import { type Axis, hourMarks } from "@/app/(dashboard)/calendar/_layout/axis";
import type { ViewPlan } from "@/app/(dashboard)/calendar/_layout/plan";
import { calendarHref, type ViewRange } from "@/app/(dashboard)/calendar/_layout/view-range";
import type { CalendarEntry } from "@/app/(dashboard)/calendar/calendar-entry";

interface TimeGridProps {
  plan: ViewPlan<CalendarEntry>;
  range: ViewRange;
  now: Date;
}

/**
 * One structure for every screen and reader: days with a heading and lists of entries in order of time. A large
 * screen draws the same lists as columns of hours.
 */
export function TimeGrid({ plan, range, now }: TimeGridProps) {
  const measures = {
    "--days": plan.days.length,
    "--lanes": plan.lanes,
    "--shown-from": plan.shown.from,
    "--shown-to": plan.shown.to,
  } as CSSProperties;
  const single = plan.days.length === 1 && plan.days.every(({ clock }) => clock.pieces.length === 1);
  return (
    <div
      className={cn(
        "overflow-hidden rounded-card border bg-surface shadow-card",
        range.view !== "list" && styles.columns,
        single && styles.bare,
      )}
      style={measures}
    >
      {range.view !== "list" && <HourLabels plan={plan} />}
      {plan.days.map((day) => (
        <DayColumn
          axis={plan.axis}
          day={day}
          key={day.clock.date}
          here={calendarHref(range.view, range.date)}
          now={day.clock.date === range.today ? now : null}
          shown={plan.shown}
          heading={single ? "hidden" : range.view === "list" ? "line" : "column"}
        />
      ))}
    </div>
  );
}

function HourLabels({ plan }: { plan: { axis: Axis; shown: { from: number; to: number }; lanes: number } }) {
  const t = useTranslations("calendar");
  const format = useFormatter();
  const { from, to } = plan.shown;
  return (
    <div aria-hidden className={styles.axis}>
      <div className={styles.allDay}>{plan.lanes > 0 && t("allDay")}</div>
      <div className={styles.labels}>
        {hourMarks(plan.axis)
          .filter(({ at }) => at > from && at < to)
          .map(({ at, minute, again }) => (
            <span key={at} style={{ "--at": at } as CSSProperties} title={again ? t("again") : undefined}>
              {format.dateTime(new Date(minute * 60_000), {
                hour: "numeric",
                minute: "2-digit",
                timeZone: "UTC",
              })}
              {again && "*"}
            </span>
          ))}
      </div>
    </div>
  );
}

import { useFormatter, useTranslations } from "next-intl";
import type { CSSProperties } from "react";
import { cn } from "@/app/_components/cn";
import styles from "@/app/(dashboard)/calendar/_components/calendar.module.css";
import { EmptyTime } from "@/app/(dashboard)/calendar/_components/empty-time";
import { Entry } from "@/app/(dashboard)/calendar/_components/entry";
import { NowLine } from "@/app/(dashboard)/calendar/_components/now-line";
import { type Axis, axisMinute } from "@/app/(dashboard)/calendar/_layout/axis";
import type { DayPlan } from "@/app/(dashboard)/calendar/_layout/plan";
import type { CalendarEntry } from "@/app/(dashboard)/calendar/calendar-entry";
import type { DayClock } from "@/lib/calendar/day-clock";

const HOUR_MS = 3_600_000;

interface DayColumnProps {
  day: DayPlan<CalendarEntry>;
  axis: Axis;
  shown: { from: number; to: number };
  /** Null on every day but today. */
  now: Date | null;
  /** Short above a column of hours; hidden where the day's name already stands above. */
  heading: "column" | "line" | "hidden";
  /** The address of what is shown. */
  here: string;
}

export function DayColumn({ day, axis, shown, now, heading, here }: DayColumnProps) {
  const t = useTranslations("calendar");
  const { clock, whole, hours, missing } = day;
  const id = `day-${clock.date}`;
  return (
    <section aria-labelledby={id} className={styles.day}>
      <DayHeading clock={clock} heading={heading} id={id} today={now !== null} />
      <div className={cn(styles.entries, styles.whole)}>
        {whole.length + hours.length === 0 && (
          <p className={cn("text-sm text-ink-muted", styles.nothing)}>{t("nothing")}</p>
        )}
        {whole.length > 0 && (
          <ul>
            {whole.map(({ entry, lane, span, continues }) => (
              <li
                className={cn(styles.entry, span === 0 && styles.continued)}
                key={entry.id}
                style={{ "--at-lane": lane, "--span": span } as CSSProperties}
              >
                <Entry continues={continues} entry={entry} line whole />
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className={cn(styles.entries, styles.hours, now !== null && styles.today)}>
        <EmptyTime axis={axis} className={styles.ground} date={clock.date} here={here} shown={shown} />
        {missing.map(({ from, to }) => (
          <span
            aria-hidden
            className={styles.missing}
            key={from}
            style={{ "--from": from, "--to": to } as CSSProperties}
          />
        ))}
        {hours.length > 0 && (
          <ul>
            {hours.map(({ entry, from, to, place, continues }) => (
              <li
                className={styles.entry}
                key={entry.id}
                style={
                  {
                    "--from": from,
                    "--to": to,
                    "--column": place.column,
                    "--of": place.columns,
                    "--span": place.span,
                  } as CSSProperties
                }
              >
                <Entry continues={continues} entry={entry} line={to - from < 45} />
              </li>
            ))}
          </ul>
        )}
        {now !== null && <NowLine knots={knotsOf(axis, clock)} shown={shown} />}
      </div>
    </section>
  );
}

interface DayHeadingProps {
  clock: DayClock;
  id: string;
  heading: DayColumnProps["heading"];
  today: boolean;
}

function DayHeading({ clock, id, heading, today }: DayHeadingProps) {
  const t = useTranslations("calendar");
  const format = useFormatter();
  const changes = clock.pieces.length > 1;
  const hours = (clock.end.getTime() - clock.start.getTime()) / HOUR_MS;
  const long = format.dateTime(clock.start, { weekday: "long", day: "numeric", month: "long" });
  return (
    <h3 className={cn("text-sm font-semibold", heading === "hidden" ? "sr-only" : styles.head)} id={id}>
      <time className={cn("whitespace-nowrap", today && "text-brand")} dateTime={clock.date}>
        {heading === "column" ? (
          <>
            <span className="lg:hidden">{long}</span>
            <span className="hidden lg:inline">
              {format.dateTime(clock.start, { weekday: "short" })}{" "}
              {format.dateTime(clock.start, { day: "numeric" })}
            </span>
          </>
        ) : (
          long
        )}
      </time>
      {today && (
        <span className={cn("ml-1.5 text-xs font-normal text-brand", heading === "column" && "lg:sr-only")}>
          {t("toolbar.today")}
        </span>
      )}
      {changes && (
        <span className="ml-1.5 text-xs font-normal text-ink-muted" title={t("clocksChange")}>
          {format.number(hours, { style: "unit", unit: "hour", unitDisplay: "narrow" })}
        </span>
      )}
    </h3>
  );
}

/** Instants of the day and where they lie, near enough to each other that all runs evenly between them. */
function knotsOf(axis: Axis, clock: DayClock): [at: number, minute: number][] {
  const [start, end] = [clock.start.getTime(), clock.end.getTime()];
  const count = Math.ceil((end - start) / (HOUR_MS / 2));
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * (HOUR_MS / 2);
    return [at, axisMinute(axis, clock, new Date(at), "start")];
  });
}

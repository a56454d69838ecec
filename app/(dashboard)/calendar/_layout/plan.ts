import {
  type Axis,
  axisMinute,
  axisOf,
  missingTime,
  shownPart,
} from "@/app/(dashboard)/calendar/_layout/axis";
import { type Place, placeColumns, type Stretch } from "@/app/(dashboard)/calendar/_layout/columns";
import { type DaySpan, placeLanes } from "@/app/(dashboard)/calendar/_layout/lanes";
import { type DayClock, dayClock } from "@/lib/calendar/day-clock";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** What the layout needs to know of an entry. */
export interface Timed {
  readonly start: Date;
  readonly end: Date;
  readonly allDay: boolean;
}

/** A part of a line above the hours. `span` counts its days in view, on the first of them; 0 on the others. */
interface WholeDayPart<E> {
  entry: E;
  lane: number;
  span: number;
  continues: { before: boolean; after: boolean };
}

/** A box between the hours of one day. */
interface HourPart<E> extends Stretch {
  entry: E;
  place: Place;
  continues: { before: boolean; after: boolean };
}

export interface DayPlan<E> {
  clock: DayClock;
  whole: WholeDayPart<E>[];
  hours: HourPart<E>[];
  missing: Stretch[];
}

export interface ViewPlan<E> {
  axis: Axis;
  /** The part of the axis that is drawn. */
  shown: Stretch;
  lanes: number;
  days: DayPlan<E>[];
}

const DAY_MS = 86_400_000;

/** Where everything of some consecutive days stands. What lasts a day or longer stands above the hours. */
export function planView<E extends Timed>(
  entries: readonly E[],
  dates: readonly IsoDate[],
  zone: TimeZoneId,
): ViewPlan<E> {
  const clocks = dates.map((date) => dayClock(date, zone));
  const axis = axisOf(clocks);
  const whole = placeWholeDays(entries.filter(isWhole), clocks);
  const timed = entries.filter((entry) => !isWhole(entry));
  const days = clocks.map((clock, index) => ({
    clock,
    whole: whole.flatMap((line) => partOf(line, index, clocks.length)),
    hours: placeHours(timed, clock, axis),
    missing: missingTime(axis, clock),
  }));
  const used = days.flatMap(({ hours }) => hours);
  return {
    axis,
    shown: shownPart(axis, used),
    lanes: Math.max(0, ...whole.map(({ lane }) => lane + 1)),
    days,
  };
}

function isWhole({ start, end, allDay }: Timed): boolean {
  return allDay || end.getTime() - start.getTime() >= DAY_MS;
}

/** Half-open, but a moment without length still lies in the day it is in. */
function touchesDay({ start, end }: Timed, clock: DayClock): boolean {
  return start < clock.end && (end > clock.start || (start >= clock.start && end <= start));
}

interface Line<E> extends DaySpan {
  entry: E;
  lane: number;
  continues: { before: boolean; after: boolean };
}

function placeWholeDays<E extends Timed>(entries: readonly E[], clocks: readonly DayClock[]): Line<E>[] {
  const lines = entries.flatMap((entry) => {
    const touched = clocks.flatMap((clock, index) => (touchesDay(entry, clock) ? [index] : []));
    const [first, last] = [touched.at(0), touched.at(-1)];
    return first === undefined || last === undefined ? [] : [{ entry, first, last }];
  });
  const lanes = placeLanes(lines);
  const [start, end] = [clocks.at(0)?.start, clocks.at(-1)?.end];
  return lines.map((line, index) => ({
    ...line,
    lane: lanes[index] ?? 0,
    continues: {
      before: start !== undefined && line.entry.start < start,
      after: end !== undefined && line.entry.end > end,
    },
  }));
}

function partOf<E>(line: Line<E>, day: number, days: number): WholeDayPart<E>[] {
  if (day < line.first || day > line.last) return [];
  const span = day === line.first ? line.last - line.first + 1 : 0;
  const continues = {
    before: day === 0 && line.continues.before,
    after: line.last === days - 1 && line.continues.after,
  };
  return [{ entry: line.entry, lane: line.lane, span, continues }];
}

function placeHours<E extends Timed>(entries: readonly E[], clock: DayClock, axis: Axis): HourPart<E>[] {
  const stretches = entries
    .filter((entry) => touchesDay(entry, clock))
    .map((entry) => ({
      entry,
      from: axisMinute(axis, clock, entry.start, "start"),
      to: axisMinute(axis, clock, entry.end, "end"),
      continues: { before: entry.start < clock.start, after: entry.end > clock.end },
    }));
  const places = placeColumns(stretches);
  return stretches.flatMap((stretch, index) => {
    const place = places[index];
    return place === undefined ? [] : [{ ...stretch, to: Math.max(stretch.to, stretch.from), place }];
  });
}

import { type DayClock, wallMinute } from "@/lib/calendar/day-clock";

/** Time the axis has over 24 hours, because a day in view shows these wall minutes twice. */
interface Repetition {
  readonly until: number;
  readonly length: number;
}

/**
 * The scale all days of a view share, in minutes from its top. It follows the wall clock; where a day in view runs
 * an hour twice, that hour stands twice and the other days have nothing in the second one.
 */
export interface Axis {
  readonly repetitions: readonly Repetition[];
  readonly length: number;
}

const DAY_MINUTES = 1440;

export function axisOf(clocks: readonly DayClock[]): Axis {
  const lengths = new Map<number, number>();
  for (const { until, length } of clocks.flatMap((clock) => clock.repeats)) {
    lengths.set(until, Math.max(length, lengths.get(until) ?? 0));
  }
  const repetitions = [...lengths]
    .map(([until, length]) => ({ until, length }))
    .sort((a, b) => a.until - b.until);
  const extra = repetitions.reduce((sum, { length }) => sum + length, 0);
  return { repetitions, length: DAY_MINUTES + extra };
}

/** Where an instant of the day lies on the axis; instants outside the day lie at its edge. */
export function axisMinute(axis: Axis, clock: DayClock, at: Date, edge: "start" | "end"): number {
  if (at <= clock.start && edge === "end") return 0;
  if (at >= clock.end) return axis.length;
  const { minute, piece } = wallMinute(clock, at < clock.start ? clock.start : at);
  const passed = axis.repetitions.filter(({ until }) => {
    const own = clock.repeats.find((repeat) => repeat.until === until);
    if (own !== undefined) return piece >= own.piece;
    return edge === "start" ? minute >= until : minute > until;
  });
  return minute + passed.reduce((sum, { length }) => sum + length, 0);
}

/** What the axis says of a day that has none of it: skipped hours, and repeated ones it does not repeat. */
export function missingTime(axis: Axis, clock: DayClock): { from: number; to: number }[] {
  const shift = (minute: number) =>
    axis.repetitions.reduce((sum, { until, length }) => sum + (until <= minute ? length : 0), 0);
  const skipped = clock.gaps.map(({ from, to }) => ({ from: from + shift(from), to: to + shift(from) }));
  const unrepeated = axis.repetitions
    .filter(({ until }) => !clock.repeats.some((repeat) => repeat.until === until))
    .map(({ until, length }) => {
      const from = until + shift(until - 1);
      return { from, to: from + length };
    });
  return [...skipped, ...unrepeated].sort((a, b) => a.from - b.from);
}

export interface HourMark {
  /** Minutes from the axis' top. */
  at: number;
  /** Wall minutes from midnight. */
  minute: number;
  /** The second time the same hour comes. */
  again: boolean;
}

/** The hours written beside the axis. */
export function hourMarks(axis: Axis): HourMark[] {
  const marks: HourMark[] = [];
  let shift = 0;
  for (let minute = 0; minute <= DAY_MINUTES; minute += 60) {
    for (const { until, length } of axis.repetitions) {
      if (until <= minute - 60 || until > minute) continue;
      marks.push({ at: until + shift, minute: until - length, again: true });
      shift += length;
    }
    if (minute < DAY_MINUTES) marks.push({ at: minute + shift, minute, again: false });
  }
  return marks;
}

/** The part of the axis worth showing: the working day, and whatever lies before or after it, in whole hours. */
export function shownPart(
  axis: Axis,
  used: readonly { from: number; to: number }[],
): { from: number; to: number } {
  const first = Math.min(WORKDAY.from, ...used.map(({ from }) => from));
  const last = Math.max(WORKDAY.to, ...used.map(({ to }) => to));
  return { from: Math.floor(first / 60) * 60, to: Math.min(Math.ceil(last / 60) * 60, axis.length) };
}

const WORKDAY = { from: 8 * 60, to: 19 * 60 };

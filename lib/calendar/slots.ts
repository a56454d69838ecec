import { contains, isEmpty, overlaps, type TimeRange } from "@/lib/calendar/time-range";
import { OFFERED_DAYS } from "@/lib/calendar/window";

/** What a service says about its slots. */
export interface SlotRules {
  readonly durationMinutes: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  readonly slotStepMinutes: number;
  readonly noticeMinutes: number;
  readonly horizonDays: number;
}

/** A booked time with the buffers it was booked with. */
interface BookedTime {
  readonly range: TimeRange;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
}

/** Everything that decides, for one service and one range. */
export interface Schedule {
  readonly rules: SlotRules;
  /** Merged; the grid of slots counts from the start of each. */
  readonly working: readonly TimeRange[];
  /** What takes time without a buffer of its own: outside events, time off. */
  readonly busy: readonly TimeRange[];
  readonly booked: readonly BookedTime[];
}

export type SlotRefusal = "past" | "notice" | "too_far" | "outside_hours" | "off_grid" | "busy" | "booked";
export type SlotVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: SlotRefusal };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The first instant at which no slot may begin any more. */
export function horizonEnd(rules: Pick<SlotRules, "horizonDays">, now: Date): Date {
  return new Date(now.getTime() + Math.min(rules.horizonDays, OFFERED_DAYS) * DAY_MS);
}

/** The free slots that begin in the range, in order of time. */
export function freeSlots(schedule: Schedule, range: TimeRange, now: Date): TimeRange[] {
  const { rules, working } = schedule;
  const earliest = Math.max(range.start.getTime(), now.getTime() + rules.noticeMinutes * MINUTE_MS);
  const latest = Math.min(range.end.getTime(), horizonEnd(rules, now).getTime());
  const length = rules.durationMinutes * MINUTE_MS;
  const step = rules.slotStepMinutes * MINUTE_MS;
  const taken = takenStarts(schedule);
  const slots: TimeRange[] = [];
  let next = 0;
  for (const interval of working) {
    const grid = interval.start.getTime();
    const last = Math.min(interval.end.getTime() - length, latest - 1);
    for (let at = onGrid(grid, step, earliest); at <= last; ) {
      while (next < taken.length && (taken[next]?.until ?? 0) <= at) next += 1;
      const hit = taken[next];
      if (hit !== undefined && hit.from < at) at = onGrid(grid, step, hit.until);
      else {
        slots.push({ start: new Date(at), end: new Date(at + length) });
        at += step;
      }
    }
  }
  return slots;
}

/** The first place of the grid that is not before `from`. */
function onGrid(grid: number, step: number, from: number): number {
  return grid + Math.max(Math.ceil((from - grid) / step), 0) * step;
}

/** Starts strictly between both would collide: a slot may touch what is taken. */
interface TakenStarts {
  readonly from: number;
  until: number;
}

/** Where no slot of this service may begin, in order and apart from each other. */
function takenStarts({ rules, busy, booked }: Schedule): TakenStarts[] {
  const length = rules.durationMinutes * MINUTE_MS;
  const before = rules.bufferBeforeMinutes * MINUTE_MS;
  const after = rules.bufferAfterMinutes * MINUTE_MS;
  const all = [
    ...busy
      .filter((range) => !isEmpty(range))
      .map(({ start, end }) => ({ from: start.getTime() - length - after, until: end.getTime() + before })),
    // Two neighbours share their break: the longer of the two buffers counts, not their sum.
    ...booked.map(({ range, bufferBeforeMinutes, bufferAfterMinutes }) => ({
      from: range.start.getTime() - length - Math.max(after, bufferBeforeMinutes * MINUTE_MS),
      until: range.end.getTime() + Math.max(before, bufferAfterMinutes * MINUTE_MS),
    })),
  ].sort((a, b) => a.from - b.from);
  const apart: TakenStarts[] = [];
  for (const one of all) {
    const last = apart.at(-1);
    if (last === undefined || last.until <= one.from) apart.push(one);
    else last.until = Math.max(last.until, one.until);
  }
  return apart;
}

/** Whether one slot can be booked, and the first rule that refuses it. */
export function judgeSlot(schedule: Schedule, start: Date, now: Date): SlotVerdict {
  const reason = refusal(schedule, start, now);
  return reason === null ? { ok: true } : { ok: false, reason };
}

function refusal({ rules, working, busy, booked }: Schedule, start: Date, now: Date): SlotRefusal | null {
  const slot = { start, end: later(start, rules.durationMinutes) };
  if (start < now) return "past";
  if (start < later(now, rules.noticeMinutes)) return "notice";
  if (start >= horizonEnd(rules, now)) return "too_far";
  const interval = working.find((one) => contains(one, slot));
  if (interval === undefined) return "outside_hours";
  if ((start.getTime() - interval.start.getTime()) % (rules.slotStepMinutes * MINUTE_MS) !== 0)
    return "off_grid";
  const wide = padded(slot, rules.bufferBeforeMinutes, rules.bufferAfterMinutes);
  if (busy.some((one) => overlaps(one, wide))) return "busy";
  const collides = booked.some(
    (one) =>
      overlaps(one.range, wide) ||
      overlaps(padded(one.range, one.bufferBeforeMinutes, one.bufferAfterMinutes), slot),
  );
  return collides ? "booked" : null;
}

/** The free slots whose starts lie nearest to an instant, at most `count`, in order of time. */
export function nearestSlots(schedule: Schedule, around: Date, now: Date, count: number): TimeRange[] {
  const { working } = schedule;
  const [start, end] = [working[0]?.start, working.at(-1)?.end];
  if (start === undefined || end === undefined) return [];
  const distance = (slot: TimeRange) => Math.abs(slot.start.getTime() - around.getTime());
  return freeSlots(schedule, { start, end }, now)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, count)
    .sort((a, b) => a.start.getTime() - b.start.getTime());
}

/** A range with its buffers. */
export function padded(range: TimeRange, beforeMinutes: number, afterMinutes: number): TimeRange {
  return { start: later(range.start, -beforeMinutes), end: later(range.end, afterMinutes) };
}

/**
 * What of the intervals lies where the rest of a schedule is known. Their starts stay on their grids, so that the
 * same slots are on it whatever range is looked at.
 */
export function knownPart(
  working: readonly TimeRange[],
  known: TimeRange,
  slotStepMinutes: number,
): TimeRange[] {
  return working.flatMap(({ start, end }) => {
    const grid = onGrid(start.getTime(), slotStepMinutes * MINUTE_MS, known.start.getTime());
    const part = { start: new Date(grid), end: end < known.end ? end : known.end };
    return part.start < part.end ? [part] : [];
  });
}

function later(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * MINUTE_MS);
}

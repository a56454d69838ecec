import { wallOfInstant } from "../zones";
import { DAY_MS, type Week } from "./week";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** Shorter events are drawn as long as this, so that each can be hit with a finger. */
const SHORTEST_MINUTES = 30;

/** Something with a start and an end in milliseconds. `days`: it covers whole days, `last` included (UTC midnights). */
export interface Placeable {
  start: number;
  end: number;
  days?: { first: number; last: number };
}

/** The part of a timed event that falls on one day. Minutes count on the clock's face, 0 to 1,440. */
export interface Block<T> {
  item: T;
  day: number;
  from: number;
  to: number;
  column: number;
  columns: number;
  /** Whether the event begins in this block: others are its continuation. */
  begins: boolean;
}

/** A strip over whole days of the week. */
export interface Bar<T> {
  item: T;
  day: number;
  span: number;
  lane: number;
}

export interface WeekLayout<T> {
  /** By day. */
  blocks: Block<T>[][];
  bars: Bar<T>[];
  lanes: number;
}

/** Places events on a week: those of whole days and those of 24 hours or more as bars, all others as blocks. */
export function layOut<T extends Placeable>(week: Week, items: readonly T[]): WeekLayout<T> {
  const bars: Bar<T>[] = [];
  const blocks = week.days.map((): Block<T>[] => []);
  const seen = new Set<T>();
  for (const item of [...items].sort(byStart)) {
    if (isLong(item)) bars.push(...barOf(week, item));
    else {
      week.days.forEach((day, index) => {
        const part = partOn(week, item, day);
        if (part === undefined) return;
        const begins = !seen.has(item);
        blocks[index]?.push({ item, day: index, ...part, column: 0, columns: 1, begins });
        seen.add(item);
      });
    }
  }
  for (const day of blocks) spread(day);
  return { blocks, bars, lanes: stack(bars) };
}

function byStart(a: Placeable, b: Placeable): number {
  return a.start - b.start || b.end - a.end;
}

function isLong({ start, end, days }: Placeable): boolean {
  return days !== undefined || end - start >= DAY_MS;
}

function barOf<T extends Placeable>(week: Week, item: T): Bar<T>[] {
  const [monday = 0] = week.days;
  const first = item.days?.first ?? floorDay(wallOfInstant(week.zone, item.start));
  const last = item.days?.last ?? floorDay(wallOfInstant(week.zone, item.end - 1));
  const from = Math.max(0, (first - monday) / DAY_MS);
  const to = Math.min(week.days.length - 1, (last - monday) / DAY_MS);
  return to < from ? [] : [{ item, day: from, span: to - from + 1, lane: 0 }];
}

function floorDay(wall: number): number {
  return Math.floor(wall / DAY_MS) * DAY_MS;
}

function partOn(
  { zone }: Week,
  { start, end }: Placeable,
  day: number,
): { from: number; to: number } | undefined {
  const first = wallOfInstant(zone, start);
  const reading = wallOfInstant(zone, end);
  // While the clock is set back an event may end at an earlier reading than it began.
  const last = reading < first ? first + (end - start) : reading;
  const from = Math.max(first, day);
  const to = Math.min(last, day + DAY_MS);
  const isEmpty = first === last ? from !== first || first >= day + DAY_MS : to <= from;
  return isEmpty ? undefined : { from: (from - day) / MINUTE_MS, to: (to - day) / MINUTE_MS };
}

/** Stretches short blocks, then gives overlapping ones columns beside each other. */
function spread<T>(blocks: Block<T>[]): void {
  for (const block of blocks) {
    block.from = Math.min(block.from, DAY_MINUTES - SHORTEST_MINUTES);
    block.to = Math.max(block.to, block.from + SHORTEST_MINUTES);
  }
  let cluster: Block<T>[] = [];
  let clusterEnd = Number.NEGATIVE_INFINITY;
  for (const block of blocks.sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (block.from >= clusterEnd) cluster = [];
    const taken = new Set(cluster.filter(({ to }) => to > block.from).map(({ column }) => column));
    block.column = firstFree(taken);
    cluster.push(block);
    clusterEnd = Math.max(...cluster.map(({ to }) => to));
    const columns = Math.max(...cluster.map(({ column }) => column)) + 1;
    for (const member of cluster) member.columns = columns;
  }
}

/** Gives bars lanes below each other; returns how many. */
function stack<T>(bars: Bar<T>[]): number {
  for (const [index, bar] of bars.entries()) {
    const beside = bars
      .slice(0, index)
      .filter(({ day, span }) => day < bar.day + bar.span && bar.day < day + span);
    bar.lane = firstFree(new Set(beside.map(({ lane }) => lane)));
  }
  return Math.max(0, ...bars.map(({ lane }) => lane + 1));
}

function firstFree(taken: ReadonlySet<number>): number {
  let free = 0;
  while (taken.has(free)) free += 1;
  return free;
}

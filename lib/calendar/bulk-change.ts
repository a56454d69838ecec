/** Changes this close together are one event: with push, an emptied calendar arrives as many small rounds. */
export const BULK_SPAN_MS = 10 * 60_000;

const FEWEST_EMPTIED = 5;
const FEWEST_WHOLESALE = 10;

/**
 * A single event, or a whole series, of which something was removed or moved. Counts are of its upcoming occurrences
 * (a single event has one).
 */
export interface TouchedThing {
  /** Removed, or no longer where they were. */
  readonly lost: number;
  /** Those of the lost that stand somewhere else now. */
  readonly elsewhere: number;
  /** There now and there before, moved ones among them. */
  readonly kept: number;
  /** There now, new ones included. */
  readonly now: number;
}

/** Upcoming things of a calendar: how many there were, and of those how many are gone and how many moved. */
export interface BulkCounts {
  readonly before: number;
  readonly gone: number;
  readonly moved: number;
}

/**
 * A series counts once. It is gone when nothing of it is left, and moved when that happened to at least half of it:
 * whoever takes one week off their weekly meetings has changed one occurrence of each, and no calendar wholesale.
 */
export function countThings(touched: readonly TouchedThing[], untouched: number): BulkCounts {
  let gone = 0;
  let moved = 0;
  for (const thing of touched) {
    if (thing.lost === 0) continue;
    const before = thing.kept + thing.lost - thing.elsewhere;
    if (thing.now === 0) gone += 1;
    else if (thing.lost * 2 >= before) moved += 1;
  }
  return { before: untouched + touched.length, gone, moved };
}

/** Whether so much went at once that its owner is asked. */
export function judgeBulkChange({ before, gone, moved }: BulkCounts): "emptied" | "wholesale" | null {
  if (gone >= FEWEST_EMPTIED && gone === before) return "emptied";
  const changed = gone + moved;
  return changed >= FEWEST_WHOLESALE && changed * 2 >= before ? "wholesale" : null;
}

/** Fewer things than this touched: there is nothing to judge. */
export const FEWEST_TOUCHED = Math.min(FEWEST_EMPTIED, FEWEST_WHOLESALE);

/** A vendor's hiccup, over by itself: nine tenths of the occurrences that went are back where they were. */
export function isHealed({ went, back }: { went: number; back: number }): boolean {
  return went > 0 && back * 10 >= went * 9;
}

export type BulkDecision = "accepted" | "held";

/**
 * What a decision comes to. Held time can still be let go; what was called one's own is settled. The same again does
 * nothing.
 */
export function planDecision(
  current: BulkDecision | null,
  wanted: BulkDecision,
): "settle" | "hold" | "nothing" | "refuse" {
  if (current === wanted) return "nothing";
  if (current === "accepted") return "refuse";
  return wanted === "held" ? "hold" : "settle";
}

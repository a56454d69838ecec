/** `[start, end)`: the start belongs to it, the end does not. */
export interface TimeRange {
  readonly start: Date;
  readonly end: Date;
}

/** An empty range takes no time; so does one whose end lies before its start. */
export function isEmpty(range: TimeRange): boolean {
  return range.end.getTime() <= range.start.getTime();
}

export function sameRange(a: TimeRange, b: TimeRange): boolean {
  return a.start.getTime() === b.start.getTime() && a.end.getTime() === b.end.getTime();
}

/** Whether both share some time. Ranges that only touch do not, and empty ones share none with anything. */
export function overlaps(a: TimeRange, b: TimeRange): boolean {
  return intersect(a, b) !== null;
}

/** Whether every moment of `inner` lies in `outer`. */
export function contains(outer: TimeRange, inner: TimeRange): boolean {
  return isEmpty(inner) || (outer.start <= inner.start && inner.end <= outer.end);
}

export function containsInstant(range: TimeRange, at: Date): boolean {
  return range.start <= at && at < range.end;
}

/** The time both share; null when there is none. */
export function intersect(a: TimeRange, b: TimeRange): TimeRange | null {
  const shared = { start: a.start < b.start ? b.start : a.start, end: a.end < b.end ? a.end : b.end };
  return isEmpty(shared) ? null : shared;
}

/** What lies inside the window, in the given order, cut at its edges. */
export function clip(ranges: readonly TimeRange[], window: TimeRange): TimeRange[] {
  return ranges.flatMap((range) => intersect(range, window) ?? []);
}

/** The same time as the fewest ranges: sorted, apart from each other, none empty. */
export function merge(ranges: readonly TimeRange[]): TimeRange[] {
  const merged: TimeRange[] = [];
  const sorted = ranges
    .filter((range) => !isEmpty(range))
    .sort((a, b) => a.start.getTime() - b.start.getTime());
  for (const range of sorted) {
    const last = merged.at(-1);
    if (!last || last.end < range.start) merged.push(range);
    else if (last.end < range.end) merged[merged.length - 1] = { start: last.start, end: range.end };
  }
  return merged;
}

/** The time of `ranges` that is not in `holes`, as the fewest ranges. */
export function subtract(ranges: readonly TimeRange[], holes: readonly TimeRange[]): TimeRange[] {
  const cuts = merge(holes);
  let next = 0;
  return merge(ranges).flatMap((range) => {
    while ((cuts[next]?.end ?? range.end) <= range.start && next < cuts.length) next += 1;
    return cutOut(range, cuts, next);
  });
}

function cutOut(range: TimeRange, cuts: readonly TimeRange[], from: number): TimeRange[] {
  const left: TimeRange[] = [];
  let start = range.start;
  for (let at = from; at < cuts.length; at += 1) {
    const cut = cuts[at];
    if (!cut || cut.start >= range.end) break;
    left.push({ start, end: cut.start });
    start = cut.end;
  }
  left.push({ start, end: range.end });
  return left.filter((piece) => !isEmpty(piece));
}

/** Days of a view by number, both ends included. */
export interface DaySpan {
  first: number;
  last: number;
}

/** Lines for what lasts whole days: long ones first, each in the highest line that is free. In the order asked. */
export function placeLanes(spans: readonly DaySpan[]): number[] {
  const order = spans.map((span, index) => ({ ...span, index }));
  order.sort((a, b) => a.first - b.first || b.last - a.last || a.index - b.index);
  const ends: number[] = [];
  const lanes: number[] = [];
  for (const { first, last, index } of order) {
    const free = ends.findIndex((end) => end < first);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = last;
    lanes[index] = lane;
  }
  return lanes;
}

import type { RetiredSeries } from "./model";

/** One change of a calendar: an event was written, or a series left its old times behind. */
export type Change = { seq: number; eventId: string } | { seq: number; retired: RetiredSeries };

/** The changes of one calendar in order. Reading from the newest change on costs nothing, whatever is stored. */
export class ChangeLog {
  #changes: Change[] = [];
  #stale = 0;

  append(change: Change): void {
    this.#changes.push(change);
  }

  /** An event that already had a change got a newer one. */
  markStale(): void {
    this.#stale += 1;
  }

  /** Drops changes that a newer one of the same event replaced, once they are the majority. */
  compact(isCurrent: (seq: number, eventId: string) => boolean): void {
    if (this.#stale < 1_000 || this.#stale < this.#changes.length / 2) return;
    this.#changes = this.#changes.filter(
      (change) => "retired" in change || isCurrent(change.seq, change.eventId),
    );
    this.#stale = 0;
  }

  /** Changes with `from < seq <= to`, oldest first. */
  between(from: number, to: number): readonly Change[] {
    const first = this.#firstAfter(from);
    if (first === this.#changes.length) return [];
    return this.#changes.slice(first, this.#firstAfter(to));
  }

  #firstAfter(seq: number): number {
    let low = 0;
    let high = this.#changes.length;
    if (high === 0 || (this.#changes[high - 1]?.seq ?? 0) <= seq) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Rows of one round, by what became of them. */
export interface Counts {
  imported: number;
  updated: number;
  removed: number;
  unchanged: number;
}

export function noCounts(): Counts {
  return { imported: 0, updated: 0, removed: 0, unchanged: 0 };
}

export function addCounts(total: Counts, more: Counts): void {
  total.imported += more.imported;
  total.updated += more.updated;
  total.removed += more.removed;
  total.unchanged += more.unchanged;
}

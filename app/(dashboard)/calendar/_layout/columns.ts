export interface Stretch {
  /** Minutes on the axis. */
  from: number;
  to: number;
}

export interface Place {
  /** Of `columns` equally wide ones. */
  column: number;
  columns: number;
  /** How many of them are free for it, from its own on. */
  span: number;
}

/** What is shorter is drawn this long, so that its words can be read. */
export const SHORTEST = 28;

/** Side by side what overlaps, as wide as the neighbours allow. Answers in the order asked. */
export function placeColumns(stretches: readonly Stretch[]): Place[] {
  const drawn = stretches.map(({ from, to }, index) => ({ index, from, to: Math.max(to, from + SHORTEST) }));
  drawn.sort((a, b) => a.from - b.from || b.to - a.to || a.index - b.index);
  const places: Place[] = [];
  for (const group of groupsOf(drawn)) placeGroup(group, places);
  return places;
}

interface Drawn extends Stretch {
  index: number;
}

/** Runs of stretches that hang together by overlaps. */
function groupsOf(sorted: readonly Drawn[]): Drawn[][] {
  const groups: Drawn[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const one of sorted) {
    if (one.from >= end) groups.push([]);
    groups.at(-1)?.push(one);
    end = Math.max(end, one.to);
  }
  return groups;
}

function placeGroup(group: readonly Drawn[], places: Place[]): void {
  const columns: Drawn[][] = [];
  for (const one of group) {
    const free = columns.find((column) => (column.at(-1)?.to ?? 0) <= one.from);
    if (free === undefined) columns.push([one]);
    else free.push(one);
  }
  for (const [column, members] of columns.entries()) {
    for (const one of members) {
      const taken = columns.findIndex(
        (other, at) => at > column && other.some((there) => there.from < one.to && one.from < there.to),
      );
      const span = (taken === -1 ? columns.length : taken) - column;
      places[one.index] = { column, columns: columns.length, span };
    }
  }
}

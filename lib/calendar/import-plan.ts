import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import {
  draftOf,
  foldPage,
  type ImportRound,
  type RoundDraft,
  type Target,
} from "@/lib/calendar/import-round";
import type { RoundItem } from "@/lib/calendar/round-item";
import { contains, sameRange, type TimeRange } from "@/lib/calendar/time-range";
import { touches } from "@/lib/calendar/window";

/** What an event comes to under the calendar's zone and the provider's settings. */
export interface DescribedEvent {
  readonly range: TimeRange;
  readonly blocks: boolean;
  readonly fingerprint: string;
  /** Ours, and its booking takes the time. */
  readonly own: boolean;
  /** Ours, moved by its owner and undecided: it blocks even where its calendar is not checked. */
  readonly displaced: boolean;
}

export interface StoredEvent extends DescribedEvent {
  readonly seriesId: string | null;
}

export interface PlannedEvent extends DescribedEvent {
  readonly event: CalendarEvent;
}

export interface PageInput {
  readonly items: readonly RoundItem[];
  /** Rows by external id, as `rowsNeeded` says; on a full round's last page every row of the calendar. */
  readonly stored: ReadonlyMap<string, StoredEvent>;
  readonly window: TimeRange;
  /** Null for an event that does not matter here: it is kept no more than one outside the window. */
  readonly describe: (event: CalendarEvent) => DescribedEvent | null;
  readonly isLastPage: boolean;
}

/**
 * What to write for a page. Before the last page nothing in it frees time. Inserts and updates may be written in
 * pieces, except that the updates which free time belong into one transaction (two events may trade places);
 * removals follow, in pieces if need be, and then the cursor.
 */
export interface PagePlan {
  readonly inserts: PlannedEvent[];
  readonly updates: PlannedEvent[];
  /** So many of the updates, the last ones, free time; 0 before the last page. */
  readonly freeing: number;
  readonly removals: string[];
  readonly unchanged: number;
  /** Ids to be read afresh; filled on the last page. */
  readonly unsure: string[];
  /** The round after this page, for the next one; taken up when the page is committed, not before. */
  readonly round: ImportRound;
}

type Step =
  | { readonly do: "insert" | "update" | "free"; readonly planned: PlannedEvent }
  | { readonly do: "remove" | "hold" | "keep" | "nothing" };

/** Compares a page with what is stored; what has to wait for the last page is remembered in the plan's round. */
export function planPage(before: ImportRound, page: PageInput): PagePlan {
  const round = draftOf(before);
  const mentioned = foldPage(round, page.items, page.stored);
  const targets = page.isLastPage ? settle(round, mentioned, page.stored) : mentioned;
  const steps = [...targets].map(([id, target]) => ({ id, target, step: decide(round, page, id, target) }));
  if (!page.isLastPage) remember(round, steps);
  const planned = (what: "insert" | "update" | "free") =>
    steps.flatMap(({ step }) => (step.do === what && "planned" in step ? step.planned : []));
  const freeing = planned("free");
  return {
    inserts: planned("insert"),
    updates: [...planned("update"), ...freeing],
    freeing: freeing.length,
    removals: steps.filter(({ step }) => step.do === "remove").map(({ id }) => id),
    unchanged: steps.filter(({ step }) => step.do === "keep").length,
    unsure: page.isLastPage ? [...round.unsure] : [],
    round,
  };
}

function remember(round: RoundDraft, steps: readonly { id: string; target: Target; step: Step }[]): void {
  for (const { id, target, step } of steps) {
    if (step.do === "hold") round.held.set(id, target);
    else round.held.delete(id);
  }
}

/** All that the last page decides: what was held back, its own targets, and what a full round never mentioned. */
function settle(
  round: ImportRound,
  targets: ReadonlyMap<string, Target>,
  stored: ReadonlyMap<string, StoredEvent>,
): Map<string, Target> {
  const all = new Map([...round.held, ...targets]);
  if (round.kind === "full") {
    for (const id of stored.keys()) if (!round.seen.has(id)) all.set(id, "removed");
  }
  return all;
}

function decide(round: ImportRound, page: PageInput, id: string, target: Target): Step {
  const row = page.stored.get(id);
  const next = target === "removed" ? null : within(page, target);
  if (!row) return next ? { do: "insert", planned: next } : { do: "nothing" };
  if (next && isSame(next, row)) return { do: "keep" };
  if (next && !freesTime(row, next)) return { do: "update", planned: next };
  if (!page.isLastPage) return { do: "hold" };
  if (round.unsure.has(id)) return { do: "nothing" };
  return next ? { do: "free", planned: next } : { do: "remove" };
}

function isSame(next: DescribedEvent, row: StoredEvent): boolean {
  const sameContent = next.fingerprint === row.fingerprint && sameRange(next.range, row.range);
  return sameContent && next.own === row.own && next.displaced === row.displaced;
}

/** The event as it would be stored; null where nothing is kept of it. */
function within(page: PageInput, event: CalendarEvent): PlannedEvent | null {
  const described = page.describe(event);
  return described !== null && touches(page.window, described.range) ? { event, ...described } : null;
}

function freesTime(row: StoredEvent, next: DescribedEvent): boolean {
  const blocksAsWidely = next.blocks && (next.displaced || !row.displaced);
  return row.blocks && !(blocksAsWidely && contains(next.range, row.range));
}

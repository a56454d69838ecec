import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { RoundItem } from "@/lib/calendar/round-item";

/** Where an event shall end up: as this version, or gone. */
export type Target = CalendarEvent | "removed";

/** What one worker remembers from page to page of one round. A plan brings the round that follows it. */
export interface ImportRound {
  /** A full round reports every event in the window; what it does not mention is gone. */
  readonly kind: "full" | "incremental";
  /** Every id mentioned so far, with its latest version's instant; null while none had one. */
  readonly seen: ReadonlyMap<string, number | null>;
  /** Changes that would free time; they wait for the last page. */
  readonly held: ReadonlyMap<string, Target>;
  /** Ids whose latest mention is `unsure`. */
  readonly unsure: ReadonlySet<string>;
}

export function startRound(kind: ImportRound["kind"]): ImportRound {
  return { kind, seen: new Map(), held: new Map(), unsure: new Set() };
}

/** A round while a page is being added to it. */
export interface RoundDraft extends ImportRound {
  readonly seen: Map<string, number | null>;
  readonly held: Map<string, Target>;
  readonly unsure: Set<string>;
}

export function draftOf(round: ImportRound): RoundDraft {
  return {
    kind: round.kind,
    seen: new Map(round.seen),
    held: new Map(round.held),
    unsure: new Set(round.unsure),
  };
}

/** Which stored rows a page's plan must be given: these ids, those held back, and all rows of these series. */
export function rowsNeeded(items: readonly RoundItem[]): {
  externalIds: Set<string>;
  seriesIds: Set<string>;
} {
  const externalIds = new Set<string>();
  const seriesIds = new Set<string>();
  for (const item of items) {
    if (item.type === "upsert") externalIds.add(item.event.externalId);
    else if (item.type === "removed" || item.type === "unsure") externalIds.add(item.externalId);
    else seriesIds.add(item.seriesId);
    if (item.type === "series") for (const event of item.occurrences) externalIds.add(event.externalId);
  }
  return { externalIds, seriesIds };
}

type Rows = ReadonlyMap<string, { readonly seriesId: string | null }>;

/** The targets a page names, the latest version of each id winning; notes them in the draft. */
export function foldPage(round: RoundDraft, items: readonly RoundItem[], stored: Rows): Map<string, Target> {
  const targets = new Map<string, Target>();
  const rowsOf = lazySeriesRows(stored);
  for (const item of items) {
    if (item.type === "upsert") mention(round, targets, item.event.externalId, item.event);
    else if (item.type === "removed") mention(round, targets, item.externalId, "removed");
    else if (item.type === "unsure") doubt(round, item.externalId);
    else foldSeries(round, targets, item, rowsOf(item.seriesId));
  }
  return targets;
}

function foldSeries(
  round: RoundDraft,
  targets: Map<string, Target>,
  item: Extract<RoundItem, { seriesId: string }>,
  rows: readonly string[],
): void {
  const occurrences = item.type === "series" ? item.occurrences : [];
  for (const event of occurrences) mention(round, targets, event.externalId, event);
  const kept = new Set(occurrences.map((event) => event.externalId));
  for (const id of livingMembers(item.seriesId, rows, [targets, round.held])) {
    if (!kept.has(id)) mention(round, targets, id, "removed");
  }
}

function mention(round: RoundDraft, targets: Map<string, Target>, id: string, target: Target): void {
  const version = target === "removed" ? null : (target.updatedAt?.getTime() ?? null);
  const standing = round.seen.get(id) ?? null;
  if (version !== null && standing !== null && version < standing) return;
  round.seen.set(id, version ?? standing);
  round.unsure.delete(id);
  targets.set(id, target);
}

function doubt(round: RoundDraft, id: string): void {
  if (!round.seen.has(id)) round.seen.set(id, null);
  round.unsure.add(id);
}

function lazySeriesRows(stored: Rows): (seriesId: string) => readonly string[] {
  let groups: Map<string, string[]> | null = null;
  return (seriesId) => {
    groups ??= groupBySeries(stored);
    return groups.get(seriesId) ?? [];
  };
}

function groupBySeries(stored: Rows): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [id, { seriesId }] of stored) {
    if (seriesId === null) continue;
    const group = groups.get(seriesId);
    if (group) group.push(id);
    else groups.set(seriesId, [id]);
  }
  return groups;
}

/** Ids that belong to the series after `changes`, the first of which that knows an id decides. */
function livingMembers(
  seriesId: string,
  stored: readonly string[],
  changes: readonly ReadonlyMap<string, Target>[],
): string[] {
  const belongs = (target: Target) => target !== "removed" && target.seriesId === seriesId;
  const ids = new Set(stored);
  for (const change of changes) for (const [id, target] of change) if (belongs(target)) ids.add(id);
  return [...ids].filter((id) => {
    const target = changes.find((change) => change.has(id))?.get(id);
    return target === undefined || belongs(target);
  });
}

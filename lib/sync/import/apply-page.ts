import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { withProviderTime } from "@/db/transaction";
import { type PagePlan, type PlannedEvent, planPage } from "@/lib/calendar/import-plan";
import { type ImportRound, rowsNeeded, type Target } from "@/lib/calendar/import-round";
import type { RoundItem } from "@/lib/calendar/round-item";
import { loadOwnEvents, type Met, type OwnPlace } from "@/lib/connections/own-events";
import type { Services } from "@/lib/connections/services";
import type { RoundPage } from "@/lib/providers/calendar-provider";
import { healBulkChange, watchBulkChange } from "@/lib/sync/import/bulk-change";
import { assertFence, type Claim } from "@/lib/sync/import/claim";
import type { Counts } from "@/lib/sync/import/counts";
import { applyPrivacy, describeEvents } from "@/lib/sync/import/describe";
import { deleteEvents, keepMoved, movedEvents, type Reading } from "@/lib/sync/import/removals";
import { recordProgress } from "@/lib/sync/import/run-log";
import { missedBy, type Sightings, sightingsOf } from "@/lib/sync/import/sightings";
import { loadStored, upsertEvents } from "@/lib/sync/import/stored-events";
import { writeNotices } from "@/lib/sync/import/write-notices";
import { noteProbes, setProbesAside } from "@/lib/sync/probe/meet-probes";

/** Rows written under one hold of the person's lock. */
const ROWS_PER_HOLD = 1_000;

export interface AppliedPage {
  counts: Counts;
  unsure: string[];
  round: ImportRound;
  quiet: boolean;
  /** When the vendor changed what was written here, where it says so. */
  changedAt: Date[];
}

/**
 * Compares a page with what is stored and writes the difference, and what it tells of our own events. A page that
 * changes nothing takes no lock. On the last page all that was held back follows; the cursor is the caller's, after this.
 */
export async function applyPage(
  services: Services,
  claim: Claim,
  round: ImportRound,
  page: RoundPage,
  reading: Reading,
): Promise<AppliedPage> {
  const isLastPage = page.end !== null;
  const endsFull = isLastPage && round.kind === "full";
  const told = await setProbesAside(services.db, claim, page.items);
  const items = applyPrivacy(told.items, claim.settings.titles);
  const needed = rowsNeeded(items);
  if (isLastPage) for (const id of round.held.keys()) needed.externalIds.add(id);
  // One after the other: a second connection at a time costs an import more than it saves.
  const stored = await loadStored(services.db, claim, endsFull ? "all" : needed);
  const own = await loadOwnEvents(services.db, placeOf(services, claim), {
    ...met(told.items, isLastPage ? round.held.values() : []),
    since: reading.window.start,
    wanted: endsFull,
  });
  const plan = planPage(round, {
    items,
    stored,
    window: reading.window,
    isLastPage,
    describe: describeEvents(claim, stored, own),
  });
  const sightings = sightingsOf(claim, told.items, own);
  const missed = endsFull ? missedBy(plan.round, claim, own, reading) : [];
  const moved = movedEvents(plan, stored);
  await writePlan(services, claim, { ...plan, moved, reading }, new Map([...sightings, ...missed]));
  await noteProbes(services.db, claim, told.met, services.clock.now());
  const { inserts, updates, removals, unchanged, unsure } = plan;
  return {
    round: plan.round,
    counts: { imported: inserts.length, updated: updates.length, removed: removals.length, unchanged },
    unsure,
    changedAt: [...[...inserts, ...updates].map(({ event }) => event), ...told.met].flatMap(
      ({ updatedAt }) => updatedAt ?? [],
    ),
    quiet: inserts.length + updates.length + removals.length === 0,
  };
}

function placeOf({ appOrigin }: Services, claim: Claim): OwnPlace {
  const { userId, vendor, calendarId, externalId } = claim;
  return { userId, installation: appOrigin, provider: vendor, calendarId, calendarExternalId: externalId };
}

/** All that a page names: events, those held back included, and ids that went away. */
function met(items: readonly RoundItem[], held: Iterable<Target>): Pick<Met, "events" | "ids"> {
  const events = [...held].filter((target) => target !== "removed");
  const ids: string[] = [];
  for (const item of items) {
    if (item.type === "upsert") events.push(item.event);
    else if (item.type === "removed") ids.push(item.externalId);
    else if (item.type === "series") events.push(...item.occurrences);
    else if (item.type === "seriesRemoved") ids.push(item.seriesId);
  }
  return { events, ids };
}

interface Writing extends PagePlan {
  moved: ReadonlySet<string>;
  reading: Reading;
}

interface Hold {
  rows: readonly PlannedEvent[];
  /** Of the rows, those whose earlier times are kept as evidence. */
  moved: string[];
  removals: readonly string[];
}

/** Updates that free time go in one piece, because two events may trade places; removals come after everything. */
async function writePlan(
  services: Services,
  claim: Claim,
  plan: Writing,
  sightings: Sightings,
): Promise<void> {
  const holds = holdsOf(plan);
  if (holds.length === 0 && sightings.size > 0) holds.push({ rows: [], moved: [], removals: [] });
  // A worker that dies before it has left this hold to be repeated, and with it the look.
  const lastLoss = holds.findLastIndex(({ moved, removals }) => moved.length + removals.length > 0);
  const lastReturn = claim.bulkChangeOpen ? holds.findLastIndex(({ rows }) => rows.length > 0) : -1;
  for (const [index, hold] of holds.entries()) {
    const write = async (tx: Tx, now: Date) => {
      await writeHold(tx, claim, hold, { reading: plan.reading, now });
      if (index === 0 && sightings.size > 0) await writeNotices(tx, claim, sightings, now);
      if (index === lastReturn) await healBulkChange(tx, claim, now);
      if (index === lastLoss) await watchBulkChange(tx, claim, plan.reading.startedAt, now);
    };
    await writeFenced(services, claim, hold, write);
  }
}

async function writeHold(
  tx: Tx,
  claim: Claim,
  { rows, moved, removals }: Hold,
  { reading, now }: { reading: Reading; now: Date },
): Promise<void> {
  if (moved.length > 0) await keepMoved(tx, claim, moved, reading);
  if (rows.length > 0) await upsertEvents(tx, claim, rows, now);
  if (removals.length > 0) await deleteEvents(tx, claim, removals, reading);
}

function holdsOf({ inserts, updates, freeing, removals, moved }: Writing): Hold[] {
  const quiet = updates.length - freeing;
  const written = [...slices([...inserts, ...updates.slice(0, quiet)]), updates.slice(quiet)];
  return [
    ...written
      .filter((rows) => rows.length > 0)
      .map((rows) => ({ rows, moved: idsOf(rows).filter((id) => moved.has(id)), removals: [] })),
    ...[...slices(removals)].map((ids) => ({ rows: [], moved: [], removals: ids })),
  ];
}

function idsOf(rows: readonly PlannedEvent[]): string[] {
  return rows.map(({ event }) => event.externalId);
}

async function writeFenced(
  services: Services,
  claim: Claim,
  { rows, removals }: Hold,
  write: (tx: Tx, now: Date) => Promise<void>,
): Promise<void> {
  const now = services.clock.now();
  await withProviderTime(services.db, claim.userId, async (tx) => {
    await assertFence(tx, claim, rows.length + removals.length > 0 ? now : null);
    await write(tx, now);
    await recordProgress(tx, claim, rows.length);
    await announce(tx, claim.userId, ["integrations", "calendar"]);
  });
}

function* slices<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += ROWS_PER_HOLD) yield rows.slice(at, at + ROWS_PER_HOLD);
}

import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { withProviderTime } from "@/db/transaction";
import { type PagePlan, planPage } from "@/lib/calendar/import-plan";
import { type ImportRound, rowsNeeded } from "@/lib/calendar/import-round";
import type { TimeRange } from "@/lib/calendar/time-range";
import type { Services } from "@/lib/connections/services";
import type { RoundPage } from "@/lib/providers/calendar-provider";
import { assertFence, type Claim } from "@/lib/sync/import/claim";
import type { Counts } from "@/lib/sync/import/counts";
import { applyPrivacy, describeEvents } from "@/lib/sync/import/describe";
import { recordProgress } from "@/lib/sync/import/run-log";
import { deleteEvents, loadStored, upsertEvents } from "@/lib/sync/import/stored-events";

/** Rows written under one hold of the person's lock. */
const ROWS_PER_HOLD = 1_000;

/**
 * Compares a page with what is stored and writes the difference. A page that changes nothing takes no lock. On
 * the last page all that was held back follows; the cursor is the caller's, after this.
 */
export async function applyPage(
  services: Services,
  claim: Claim,
  round: ImportRound,
  page: RoundPage,
  window: TimeRange,
): Promise<{ counts: Counts; unsure: string[]; round: ImportRound; quiet: boolean }> {
  const isLastPage = page.end !== null;
  const items = applyPrivacy(page.items, claim.settings.titles);
  const needed = rowsNeeded(items);
  if (isLastPage) for (const id of round.held.keys()) needed.externalIds.add(id);
  const stored = await loadStored(services.db, claim, isLastPage && round.kind === "full" ? "all" : needed);
  const plan = planPage(round, {
    items,
    stored,
    window,
    isLastPage,
    describe: describeEvents(claim, stored),
  });
  await writePlan(services, claim, plan);
  const { inserts, updates, removals, unchanged, unsure } = plan;
  return {
    round: plan.round,
    counts: { imported: inserts.length, updated: updates.length, removed: removals.length, unchanged },
    unsure,
    quiet: inserts.length + updates.length + removals.length === 0,
  };
}

/** Updates that free time go in one piece, because two events may trade places; removals come after everything. */
async function writePlan(services: Services, claim: Claim, plan: PagePlan): Promise<void> {
  const quiet = plan.updates.length - plan.freeing;
  const freeing = plan.updates.slice(quiet);
  for (const rows of [...slices([...plan.inserts, ...plan.updates.slice(0, quiet)]), freeing]) {
    if (rows.length === 0) continue;
    await writeFenced(services, claim, (tx, now) => upsertEvents(tx, claim, rows, now), rows.length);
  }
  for (const ids of slices(plan.removals)) {
    await writeFenced(services, claim, (tx) => deleteEvents(tx, claim, ids), 0);
  }
}

async function writeFenced(
  services: Services,
  claim: Claim,
  write: (tx: Tx, now: Date) => Promise<void>,
  progress: number,
): Promise<void> {
  const now = services.clock.now();
  await withProviderTime(services.db, claim.userId, async (tx) => {
    await assertFence(tx, claim);
    await write(tx, now);
    await recordProgress(tx, claim, progress);
    await announce(tx, claim.userId, ["integrations", "calendar"]);
  });
}

function* slices<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += ROWS_PER_HOLD) yield rows.slice(at, at + ROWS_PER_HOLD);
}

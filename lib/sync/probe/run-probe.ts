import { sql } from "drizzle-orm";
import { planProbe } from "@/lib/calendar/probe-plan";
import type { Services } from "@/lib/connections/services";
import { AppError } from "@/lib/platform/errors";
import { describeError, log } from "@/lib/platform/log";
import {
  abandon,
  change,
  claimProbe,
  findDueProbes,
  LostProbeError,
  type ProbeClaim,
  rest,
} from "@/lib/sync/probe/claim";
import { doubt } from "@/lib/sync/probe/doubt";
import { removeProbe } from "@/lib/sync/probe/remove-probe";
import { type ProbeState, readState } from "@/lib/sync/probe/state";
import { writeProbe } from "@/lib/sync/probe/write-probe";

/** More steps than this in one go: something does not move. */
const MOST_STEPS = 10;
const AT_ONCE = 5;
const STUCK_MS = 5_000;

/** With nothing to look for, whoever sweeps looks again. */
const IDLE_MS = 60_000;

/**
 * Brings one test of a calendar as far as it comes now: written, told of, read, removed. Repeatable at any point; a
 * test that is left in the middle goes on from its row. Answers when to look again; null: nobody needs to.
 */
export async function runProbe(services: Services, probeId: string): Promise<Date | null> {
  const claim = await claimProbe(services.db, probeId);
  if (claim === null) return null;
  try {
    return await goOn(services, claim);
  } catch (error) {
    const now = services.clock.now();
    await abandon(services.db, claim, now);
    if (error instanceof LostProbeError) return null;
    // Its account left in the middle.
    if (error instanceof AppError && error.code === "not_found") return null;
    await rest(services.db, claim, new Date(now.getTime() + STUCK_MS), true);
    throw error;
  }
}

async function goOn(services: Services, claim: ProbeClaim): Promise<Date | null> {
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const now = services.clock.now();
    const state = await readState(services.db, claim, now);
    const step = planProbe(state.facts, now);
    const until = step.do === "wait" ? step.until : await act(services, claim, state, step);
    if (step.do !== "wait" && until === null) continue;
    const lookAt = until ?? new Date(now.getTime() + IDLE_MS);
    if (await rest(services.db, claim, lookAt, state.facts.readAt !== null)) return until;
  }
  const later = new Date(services.clock.now().getTime() + STUCK_MS);
  await rest(services.db, claim, later, true);
  return later;
}

/** Null: done, what is next? A time: it failed in a way that passes, and is tried again then. */
async function act(
  services: Services,
  claim: ProbeClaim,
  state: ProbeState,
  step: Exclude<ReturnType<typeof planProbe>, { do: "wait" }>,
): Promise<Date | null> {
  const now = services.clock.now();
  if (step.do === "write") return writeProbe(services, claim, state);
  if (step.do === "remove") return removeProbe(services, claim, state);
  if (step.do === "doubt") await doubt(services, claim, state, step.trouble);
  else {
    const at = sql`${now.toISOString()}::timestamptz`;
    await change(
      services.db,
      claim,
      sql`finished_at = ${at}, error_code = ${step.code}, attempts = 0,
        removed_at = case when p.asked_at is null then ${at} end`,
    );
  }
  return null;
}

/** For nudges that got lost, and events that are still to be removed. */
export async function runDueProbes(
  services: Services,
  { connectionId }: { connectionId?: string | undefined } = {},
): Promise<{ due: number; failed: number }> {
  const due = await findDueProbes(services.db, services.clock.now(), connectionId);
  let failed = 0;
  const queue = due.values();
  const worker = async () => {
    for (const probeId of queue) {
      await runProbe(services, probeId).catch((error: unknown) => {
        failed += 1;
        log.error({ probeId, err: describeError(error) }, "probe could not be carried on");
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, worker));
  return { due: due.length, failed };
}

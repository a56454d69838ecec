import { performOutbox } from "@/inngest/perform-outbox";
import { requestSync } from "@/lib/connections/request-sync";
import type { Services } from "@/lib/connections/services";
import { operatorCtx } from "@/lib/organizations/operator";
import { AppError } from "@/lib/platform/errors";
import { awaitRuns } from "./await-runs";
import { type Command, optional } from "./command";
import { connectionsFor } from "./connections";
import { describeRuns, type LedgerRun, runsById } from "./ledger";

/** Three attempts with their waits fit in; a vendor's longer `Retry-After` is reported, not sat out. */
const LONGEST_WAIT_MS = 10 * 60_000;

export const sync: Command = {
  name: "sync",
  usage: "[--integration ID] [--wait]",
  summary:
    "Asks for a run of every checked calendar, of all accounts or of one. With --wait, until they have ended.",
  options: { integration: { type: "string" }, wait: { type: "boolean" } },
  async run(place, values) {
    const { services } = await place.runtime();
    const wanted = optional(values, "integration");
    const { runIds, refused } = await request(services, wanted, place.now);
    const runs =
      values.wait === true ? await carryOut(services, runIds) : await runsById(services.db, runIds);
    const ended = runs.every((run) => run.status === "succeeded" || run.status === "cancelled");
    return {
      json: { runIds, runs, refused },
      text: [
        runs.length === 0 ? "No calendar to read." : describeRuns(runs),
        ...refused.map(({ integrationId, reason }) => `${integrationId} was left out: ${reason}`),
      ].join("\n"),
      failed: values.wait === true && !ended,
    };
  },
};

/** A running installation is quicker at its own outbox; without one the work is done here. */
async function carryOut(services: Services, runIds: readonly string[]): Promise<LedgerRun[]> {
  await performOutbox(services);
  return awaitRuns(services, runIds, LONGEST_WAIT_MS);
}

interface Refused {
  integrationId: string;
  code: string;
  reason: string;
}

/** One connection that cannot be read is a failure; among all of them it is a line in the report. */
async function request(
  services: Services,
  wanted: string | undefined,
  now: Date,
): Promise<{ runIds: string[]; refused: Refused[] }> {
  const runIds: string[] = [];
  const refused: Refused[] = [];
  for (const { id, userId } of await connectionsFor(services.db, wanted)) {
    try {
      const ctx = await operatorCtx(services.db, userId, now);
      runIds.push(...(await requestSync(services, ctx, id)).runIds);
    } catch (error) {
      if (!(error instanceof AppError) || wanted !== undefined) throw error;
      refused.push({ integrationId: id, code: error.code, reason: error.message });
    }
  }
  return { runIds, refused };
}

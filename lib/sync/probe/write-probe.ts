import { sql } from "drizzle-orm";
import { probeKey } from "@/lib/calendar/probe-key";
import { withAccess } from "@/lib/connections/access";
import type { Services } from "@/lib/connections/services";
import { providerOf } from "@/lib/connections/stored-tokens";
import { AppError } from "@/lib/platform/errors";
import { describeError, log } from "@/lib/platform/log";
import { ProviderError } from "@/lib/providers/provider-error";
import { change, LostProbeError, type ProbeClaim } from "@/lib/sync/probe/claim";
import { draftProbe } from "@/lib/sync/probe/draft";
import type { ProbeState } from "@/lib/sync/probe/state";

const RETRY_MS = 2_000;

/** After these the event may stand all the same. */
const UNCERTAIN = new Set(["transient", "malformed_response", "internal"]);

/**
 * Has the vendor write the event, under the id that is stored already. That it was asked is noted before, because a
 * message or a round may come before its answer. Answers when to try again; null: no need to.
 */
export async function writeProbe(
  services: Services,
  claim: ProbeClaim,
  state: ProbeState,
): Promise<Date | null> {
  const askedAt = services.clock.now();
  await change(
    services.db,
    claim,
    sql`asked_at = coalesce(p.asked_at, ${askedAt.toISOString()}::timestamptz)`,
  );
  try {
    const { externalId, asked } = await ask(services, claim, state, askedAt);
    const at = sql`${services.clock.now().toISOString()}::timestamptz`;
    await change(
      services.db,
      claim,
      sql`written_at = coalesce(p.written_at, ${at}), attempts = 0, external_id = ${externalId},
        asked_at = coalesce(${asked?.toISOString() ?? null}::timestamptz, p.asked_at)`,
    );
    return null;
  } catch (error) {
    if (error instanceof LostProbeError || (error instanceof AppError && error.code === "not_found"))
      throw error;
    return fail(services, claim, state, error);
  }
}

/** `asked` is null where an earlier request had written it: its answer was lost. */
async function ask(
  services: Services,
  { id }: ProbeClaim,
  state: ProbeState,
  askedAt: Date,
): Promise<{ externalId: string; asked: Date | null }> {
  const { events } = providerOf(services, state.vendor);
  const key = probeKey({ installation: services.appOrigin, probeId: id });
  const calendar = { externalId: state.calendarExternalId, timeZone: state.timeZone };
  const draft = draftProbe({ id, ...state }, askedAt);
  try {
    const externalId = await withAccess(services, state.connectionId, (access) =>
      events.createProbe(access, calendar, key, draft),
    );
    return { externalId, asked: askedAt };
  } catch (error) {
    const stands = error instanceof ProviderError && error.kind === "duplicate";
    if (!stands || state.externalId === null) throw error;
    return { externalId: state.externalId, asked: null };
  }
}

async function fail(
  services: Services,
  claim: ProbeClaim,
  { facts, connectionId }: ProbeState,
  error: unknown,
): Promise<Date | null> {
  const code = error instanceof ProviderError ? error.kind : "internal";
  log.warn({ connectionId, probeId: claim.id, err: describeError(error) }, "probe not written");
  const now = services.clock.now();
  if (UNCERTAIN.has(code)) {
    await change(services.db, claim, sql`attempts = p.attempts + 1`);
    return new Date(now.getTime() + RETRY_MS);
  }
  const nothingThere = facts.askedAt === null;
  const at = sql`${now.toISOString()}::timestamptz`;
  await change(
    services.db,
    claim,
    sql`finished_at = ${at}, error_code = ${code}, attempts = 0,
      removed_at = case when ${nothingThere} then ${at} end`,
  );
  return null;
}

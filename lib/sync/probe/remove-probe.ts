import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { isLeased } from "@/db/lease";
import { probeKey } from "@/lib/calendar/probe-key";
import { removalRetryAt } from "@/lib/calendar/probe-plan";
import { UTC } from "@/lib/calendar/time-zone";
import { withAccess } from "@/lib/connections/access";
import type { Services } from "@/lib/connections/services";
import { providerOf } from "@/lib/connections/stored-tokens";
import { describeError, log } from "@/lib/platform/log";
import type { Access, CalendarProvider } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";
import { classOf } from "@/lib/sync/export/failure";
import { change, type ProbeClaim } from "@/lib/sync/probe/claim";
import type { ProbeState } from "@/lib/sync/probe/state";

interface Place {
  probeId: string;
  calendarExternalId: string;
  externalId: string | null;
}

/** Takes the event away again. One that is gone already is done. Answers when to try again; null: whoever sweeps will. */
export async function removeProbe(
  services: Services,
  claim: ProbeClaim,
  state: ProbeState,
): Promise<Date | null> {
  await change(services.db, claim, sql`attempts = p.attempts`);
  try {
    const provider = providerOf(services, state.vendor);
    const place = { ...state, probeId: claim.id };
    await withAccess(services, state.connectionId, (access) => takeAway(services, provider, access, place));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return postpone(services, claim, state, error);
  }
  const at = sql`${services.clock.now().toISOString()}::timestamptz`;
  await change(
    services.db,
    claim,
    sql`removed_at = ${at}, finished_at = coalesce(p.finished_at, ${at}), attempts = 0,
      error_code = case when p.read_at is null then p.error_code end`,
  );
  const { pushedAt, pushTrouble, readAt } = state.facts;
  log.info({
    probe: "removed",
    probeId: claim.id,
    told: pushedAt !== null,
    pushTrouble,
    read: readAt !== null,
  });
  return null;
}

/** The person has their answer now; the event goes when it can. */
async function postpone(
  services: Services,
  claim: ProbeClaim,
  { facts, connectionId }: ProbeState,
  error: ProviderError,
): Promise<Date | null> {
  log.warn({ connectionId, probeId: claim.id, err: describeError(error) }, "probe not removed");
  const now = services.clock.now();
  const retryAt = removalRetryAt({
    lasting: classOf(error.kind) === "lasting",
    attempts: facts.attempts,
    retryAfterMs: error.retryAfterMs,
    now,
  });
  await change(
    services.db,
    claim,
    sql`finished_at = coalesce(p.finished_at, ${now.toISOString()}::timestamptz), attempts = p.attempts + 1,
      error_code = coalesce(p.error_code, ${error.kind})`,
  );
  return retryAt;
}

async function takeAway(
  services: Services,
  provider: CalendarProvider,
  access: Access,
  place: Place,
): Promise<void> {
  const calendar = { externalId: place.calendarExternalId, timeZone: UTC };
  try {
    const externalId = place.externalId ?? (await nameOf(services, provider, access, place));
    if (externalId !== null) await provider.events.remove(access, calendar, externalId, { etag: null });
  } catch (error) {
    const isGone = error instanceof ProviderError && (error.kind === "gone" || error.kind === "not_found");
    if (!isGone) throw error;
  }
}

/** The id a vendor gave in an answer that was lost; null: there is no such event. */
async function nameOf(
  { appOrigin }: Services,
  { events }: CalendarProvider,
  access: Access,
  { probeId, calendarExternalId }: Place,
): Promise<string | null> {
  const key = probeKey({ installation: appOrigin, probeId });
  const calendar = { externalId: calendarExternalId, timeZone: UTC };
  const found = await events.find(access, calendar, { externalId: null, key });
  return found?.status === "live" ? found.event.externalId : null;
}

/** Over `calendar_probes p`: of a leaving connection, and perhaps still in its calendar. */
const isLeft = (connectionId: string) =>
  sql`p.connection_id = ${connectionId} and p.asked_at is not null and p.removed_at is null`;

/** How many events of tests a leaving connection still has. */
export async function countProbes(db: Db, connectionId: string): Promise<number> {
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from calendar_probes p where ${isLeft(connectionId)}
  `);
  return row?.count ?? 0;
}

/**
 * Removes the events of a leaving connection's tests with the token sealed for that. Throws for what passes by itself,
 * a worker that is still at one included; what does not, stays.
 */
export async function removeProbes(
  services: Services,
  provider: CalendarProvider,
  access: Access,
  connectionId: string,
): Promise<void> {
  const rows = await services.db.execute<{
    id: string;
    calendar_external_id: string;
    external_id: string | null;
    leased: boolean;
  }>(sql`
    select p.id, p.calendar_external_id, p.external_id, ${isLeased("p")} as leased
    from calendar_probes p where ${isLeft(connectionId)} order by p.id
  `);
  for (const { id, calendar_external_id, external_id, leased } of rows) {
    if (leased) throw new ProviderError("transient", { detail: "probe_in_flight" });
    try {
      const place = { probeId: id, calendarExternalId: calendar_external_id, externalId: external_id };
      await takeAway(services, provider, access, place);
    } catch (error) {
      if (!(error instanceof ProviderError) || classOf(error.kind) !== "lasting") throw error;
      log.warn({ connectionId, probeId: id, err: describeError(error) }, "probe stays");
      continue;
    }
    const at = services.clock.now().toISOString();
    await services.db.execute(sql`
      update calendar_probes set removed_at = ${at}::timestamptz where id = ${id}
    `);
  }
}

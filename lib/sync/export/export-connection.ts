import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { enqueue } from "@/db/outbox";
import { LONGEST_EXPORT_WAIT_MS } from "@/lib/calendar/export-schedule";
import { resolveExported } from "@/lib/connections/export-notices";
import type { Services } from "@/lib/connections/services";
import { AppError } from "@/lib/platform/errors";
import { describeError, log } from "@/lib/platform/log";
import { metrics } from "@/lib/platform/metrics";
import type { Vendor } from "@/lib/providers/calendar-provider";
import { isHeldBack, ProviderError } from "@/lib/providers/provider-error";
import {
  abandon,
  claimNext,
  type ExportClaim,
  type ExportPlace,
  isDueExport,
  isOpen,
  isWritable,
  LostClaimError,
  release,
} from "@/lib/sync/export/claim";
import { closeRun, type ExportRun, type ExportTrigger } from "@/lib/sync/export/export-log";
import { exportOne } from "@/lib/sync/export/export-one";
import type { ExportFailure } from "@/lib/sync/export/failure";
import { failExport, spreadFailure } from "@/lib/sync/export/observe";

/** Events written by one drain; the rest is found by the next. */
const MOST_PER_DRAIN = 1_000;
/** Several calendars of one account. Within a calendar events go one after the other. */
const CALENDARS_AT_ONCE = 3;
const CONNECTIONS_AT_ONCE = 5;
const MOST_CONNECTIONS = 1_000;
/** So many events failing alike: the fault is not theirs. */
const ALIKE = 3;
/** A removal may wait for another calendar's write. */
const MOST_ROUNDS = 3;

export interface ExportTotals {
  /** Events written or removed. */
  exported: number;
  failed: number;
}

/** Writes what is due in one connection's calendars, the earliest bookings first. What fails is tried again later. */
export async function exportConnection(
  services: Services,
  connectionId: string,
  trigger: ExportTrigger,
): Promise<ExportTotals> {
  const totals = { exported: 0, failed: 0 };
  const [connection] = await services.db.execute<{ user_id: string }>(
    sql`select user_id from calendar_connections where id = ${connectionId}`,
  );
  if (connection === undefined) return totals;
  const run: ExportRun = {
    connectionId,
    userId: connection.user_id,
    trigger,
    startedAt: services.clock.now(),
  };
  let failure: ExportFailure | null = null;
  for (let round = 0; round < MOST_ROUNDS && failure === null; round += 1) {
    const places = await duePlaces(services.db, connectionId, services.clock.now());
    if (places.length === 0) break;
    const queue = places.values();
    const worker = async () => {
      for (const place of queue) failure = (await drain(services, run, place, totals)) ?? failure;
    };
    await Promise.all(Array.from({ length: Math.min(CALENDARS_AT_ONCE, places.length) }, worker));
    if (totals.exported > 0) await wakePredecessors(services, run);
  }
  const finishedAt = services.clock.now();
  await closeRun(services.db, run, failure, finishedAt);
  await resolveExported(services.db, run.userId, finishedAt);
  if (totals.exported + totals.failed > 0) noteRun(run, totals, failure, finishedAt);
  return totals;
}

/** One line of the log and the numbers of one drain. */
function noteRun(
  { connectionId, trigger, startedAt }: ExportRun,
  totals: ExportTotals,
  failure: ExportFailure | null,
  finishedAt: Date,
): void {
  const durationMs = finishedAt.getTime() - startedAt.getTime();
  const status = failure === null ? "succeeded" : "failed";
  log.info({ run: "export", connectionId, trigger, status, durationMs, ...totals });
  metrics().count("entente_runs_total", { kind: "export", trigger, status });
  metrics().observe("entente_run_duration_seconds", { kind: "export" }, durationMs / 1000);
  if (totals.exported > 0)
    metrics().count("entente_run_events_total", { change: "exported" }, totals.exported);
}

async function duePlaces(db: Db, connectionId: string, now: Date): Promise<ExportPlace[]> {
  const rows = await db.execute<{ calendar: string }>(sql`
    select distinct x.calendar_external_id as calendar
    from calendar_exported_bookings x
    join bookings b on b.id = x.booking_id
    where x.connection_id = ${connectionId} and ${isDueExport(now)} and ${isOpen(connectionId, now)}
  `);
  return rows.map((row) => ({ connectionId, calendarExternalId: row.calendar }));
}

/** Events in other accounts that waited for what was written here. */
async function wakePredecessors({ db, clock }: Services, { userId, connectionId }: ExportRun): Promise<void> {
  const now = clock.now();
  const rows = await db.execute<{ id: string }>(sql`
    select distinct x.connection_id as id
    from calendar_exported_bookings x join bookings b on b.id = x.booking_id
    where x.user_id = ${userId} and x.connection_id <> ${connectionId} and x.desired = 'absent' and ${isDueExport(now)}
  `);
  for (const { id } of rows) {
    await enqueue(db, { name: "connection/exports.due", data: { connectionId: id } }, now);
  }
}

/** One calendar, event by event. Answers the last failure. */
async function drain(
  services: Services,
  run: ExportRun,
  place: ExportPlace,
  totals: ExportTotals,
): Promise<ExportFailure | null> {
  let last: ExportFailure | null = null;
  let alike = 0;
  for (let events = 0; events < MOST_PER_DRAIN; events += 1) {
    const claim = await claimNext(services.db, place, services.clock.now());
    if (claim === null) return last;
    const outcome = await attempt(services, run, claim);
    if (outcome === "stop") return last;
    if (typeof outcome === "string") {
      if (outcome === "exported") totals.exported += 1;
      alike = 0;
      continue;
    }
    totals.failed += 1;
    alike = outcome.code === last?.code ? alike + 1 : 1;
    last = outcome;
    if (!concernsAll(outcome, alike)) continue;
    await spreadFailure(services, claim, outcome);
    return last;
  }
  return last;
}

const WHOLE_ACCOUNT = new Set([
  "scope_missing",
  "admin_policy",
  "no_calendar_account",
  "not_found",
  "misconfigured",
]);

function concernsAll({ code, class: sort }: ExportFailure, alike: number): boolean {
  if (sort === "rate" || sort === "quota" || WHOLE_ACCOUNT.has(code)) return true;
  return code !== "invalid_request" && code !== "internal" && alike >= ALIKE;
}

async function attempt(
  services: Services,
  run: ExportRun,
  claim: ExportClaim,
): Promise<"exported" | "nothing" | "stop" | ExportFailure> {
  try {
    return (await exportOne(services, run, claim)) ? "exported" : "nothing";
  } catch (error) {
    if (error instanceof LostClaimError) return giveUp(services, claim);
    if (isForItsOwner(error) || isHeldBack(error)) {
      // Nothing is wrong with the event: it waits for its owner to reconnect, or for the next minute.
      await release(services.db, claim);
      return "stop";
    }
    log.warn(
      { connectionId: run.connectionId, exportId: claim.id, err: describeError(error) },
      "event not written",
    );
    return failExport(services, claim, error).catch((failed: unknown) => {
      if (failed instanceof LostClaimError) return giveUp(services, claim);
      throw failed;
    });
  }
}

async function giveUp(services: Services, claim: ExportClaim): Promise<"nothing"> {
  await abandon(services.db, claim, services.clock.now());
  return "nothing";
}

/** The connection left, or only its owner can bring it back. */
function isForItsOwner(error: unknown): boolean {
  if (error instanceof ProviderError) return error.kind === "reauthorization_required";
  return error instanceof AppError && error.code === "not_found";
}

/** A run that nobody has touched for so long belongs to a process that died. */
const ABANDONED_MS = 5 * 60_000;

/** Every connection with something due, for the schedule: nudges may be lost, what is wanted is in the tables. */
export async function exportDue(
  services: Services,
  options: { connectionId?: string | undefined } = {},
): Promise<{ connections: number } & ExportTotals> {
  const now = services.clock.now();
  const due = await dueConnections(services.db, now, options.connectionId ?? null);
  const totals = { connections: due.length, exported: 0, failed: 0 };
  const queue = due.values();
  const worker = async () => {
    for (const { id, provider, user_id: userId } of queue) {
      if (!services.requests.hasRoom(provider, userId)) continue; // It stays due.
      const { exported, failed } = await exportOf(services, id);
      totals.exported += exported;
      totals.failed += failed;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS_AT_ONCE }, worker));
  return totals;
}

/** Never lets one connection's failure touch another's. */
async function exportOf(services: Services, connectionId: string): Promise<ExportTotals> {
  try {
    return await exportConnection(services, connectionId, "schedule");
  } catch (error) {
    log.error({ connectionId, err: describeError(error) }, "connection could not be exported");
    return { exported: 0, failed: 1 };
  }
}

interface DueConnection extends Record<string, unknown> {
  id: string;
  provider: Vendor;
  user_id: string;
}

async function dueConnections(db: Db, now: Date, only: string | null): Promise<DueConnection[]> {
  const abandoned = new Date(now.getTime() - ABANDONED_MS).toISOString();
  return db.execute<DueConnection>(sql`
    select k.id, k.provider, k.user_id
    from calendar_connections k
    where (${only}::uuid is null or k.id = ${only}::uuid) and (
      k.id in (
        select x.connection_id
        from calendar_exported_bookings x join bookings b on b.id = x.booking_id
        where (x.next_attempt_at <= ${now.toISOString()}::timestamptz or x.next_attempt_at >
          ${now.toISOString()}::timestamptz + ${LONGEST_EXPORT_WAIT_MS} * interval '1 millisecond') and ${isDueExport(now)}
      ) and ${isWritable()}
      or k.id in (
        select l.connection_id from calendar_sync_logs l
        where l.kind = 'export' and l.status = 'running' and l.last_run_at < ${abandoned}::timestamptz
      )
    )
    order by k.id
    limit ${MOST_CONNECTIONS}
  `);
}

import { type SQL, sql } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import type { Db } from "@/db/client";
import { LEASE_FROM_NOW } from "@/db/lease";
import { LIVE_CHANNEL, type LiveTopic, liveMessage } from "@/db/live";
import { enqueue } from "@/db/outbox";
import { calendarExportedBookings } from "@/db/schema/exports";
import { repeatAfterDeadlock, withTransaction } from "@/db/transaction";
import { BULK_SPAN_MS } from "@/lib/calendar/bulk-change";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { spanRange } from "@/lib/calendar/event-time";
import type { OwnerChange } from "@/lib/calendar/export-plan";
import { exportRetryAt } from "@/lib/calendar/export-schedule";
import { shapeHash } from "@/lib/calendar/shape-hash";
import { tellExportFailed } from "@/lib/connections/export-notices";
import type { Services } from "@/lib/connections/services";
import { ProviderError } from "@/lib/providers/provider-error";
import { type ExportClaim, holds, LostClaimError } from "@/lib/sync/export/claim";
import { countParts, type ExportRun } from "@/lib/sync/export/export-log";
import { classOf, type ExportFailure } from "@/lib/sync/export/failure";

type Changes = PgUpdateSetSource<typeof calendarExportedBookings>;

const NOT_THERE = {
  contentHash: null,
  shapeHash: null,
  etag: null,
  remoteUpdatedAt: null,
  writtenStart: null,
  writtenEnd: null,
  remoteState: "in_place",
  remoteStart: null,
  remoteEnd: null,
} satisfies Changes;

/** What one go came to. */
export type Observation =
  | { type: "settled" }
  /** Nothing of it is in the calendar. */
  | { type: "gone" }
  /** It stands there as the draft of this stamp. */
  | { type: "written"; event: CalendarEvent; stamp: string }
  | { type: "changed"; by: OwnerChange; event: CalendarEvent }
  | { type: "deleted" };

function changesOf(claim: ExportClaim, seen: Observation, now: Date): Changes {
  switch (seen.type) {
    case "settled":
      return { verify: false };
    case "gone":
      return { ...NOT_THERE, verify: false, remoteSeenAt: now, syncedAt: now };
    case "written": {
      const range = spanRange(seen.event, claim.timeZone);
      return {
        ...versionOf(seen.event),
        externalId: seen.event.externalId,
        contentHash: seen.stamp,
        shapeHash: shapeHash(seen.event),
        writtenStart: range.start,
        writtenEnd: range.end,
        remoteState: "in_place",
        remoteStart: null,
        remoteEnd: null,
        remoteSeenAt: now,
        verify: false,
        syncedAt: now,
      };
    }
    case "changed": {
      const range = spanRange(seen.event, claim.timeZone);
      const where = { remoteState: seen.by, remoteStart: range.start, remoteEnd: range.end };
      return {
        ...versionOf(seen.event),
        ...where,
        remoteSeenAt: now,
        verify: false,
        ...(seen.by === "moved" && heldWithOthers(now)),
      };
    }
    case "deleted": {
      const remoteState = claim.remoteState === "relocated" ? "relocated" : "deleted";
      return {
        remoteState,
        ...(remoteState === "deleted" && { remoteStart: null, remoteEnd: null }),
        remoteSeenAt: now,
        verify: false,
        ...heldWithOthers(now),
      };
    }
  }
}

/** Gone or moved while its calendar changes wholesale: its owner is asked about it together with the rest. */
function heldWithOthers(now: Date): Changes {
  const since = new Date(now.getTime() - BULK_SPAN_MS).toISOString();
  const { calendarId, bulkChangeId } = calendarExportedBookings;
  return {
    bulkChangeId: sql`coalesce((
      select b.id from bulk_changes b
      where b.calendar_id = ${calendarId} and b.decision is null and b.through > ${since}::timestamptz
    ), ${bulkChangeId})`,
  };
}

function versionOf({ etag, iCalUid, updatedAt }: CalendarEvent): Changes {
  return { etag, iCalUid, remoteUpdatedAt: updatedAt };
}

/**
 * Ends a go: what was seen, and that everything wanted up to the claim is done. `counts` when an event was written or
 * removed on the way. Throws `LostClaimError`.
 */
export async function observe(
  services: Services,
  run: ExportRun,
  claim: ExportClaim,
  seen: Observation,
  counts: boolean,
): Promise<void> {
  const now = services.clock.now();
  const settled = {
    ...changesOf(claim, seen, now),
    attempts: 0,
    errorCode: null,
    errorAt: null,
    leaseUntil: null,
    doneSeq: sql`greatest(${calendarExportedBookings.doneSeq}, ${claim.wantedSeq})`,
  };
  const topics: LiveTopic[] = counts ? ["bookings", "integrations", "history"] : ["bookings", "integrations"];
  // A wholesale change that heals takes its mark off this row, while this row looks up that change.
  await repeatAfterDeadlock(() =>
    fenced(services.db, claim, settled, {
      also: counts ? countParts(run, now) : null,
      tell: liveMessage(claim.userId, topics),
    }),
  );
}

/** Notes the id the vendor is about to be asked to make an event under. Throws `LostClaimError`. */
export async function noteId(services: Services, claim: ExportClaim, externalId: string, generation: number) {
  const changes = { externalId, idGeneration: generation, leaseUntil: LEASE_FROM_NOW };
  await fenced(services.db, claim, changes, { also: null, tell: null });
}

/** One statement: the row, while it is still this worker's, and with it what else the go means. */
async function fenced(
  db: Db,
  claim: ExportClaim,
  changes: Changes,
  { also, tell }: { also: SQL | null; tell: string | null },
): Promise<void> {
  const update = db
    .update(calendarExportedBookings)
    .set(changes)
    .where(holds(claim))
    .returning({ id: calendarExportedBookings.id });
  const rows = await db.execute(sql`
    with fenced as ${update} ${also === null ? sql`` : sql`, ${also}`}
    select id ${tell === null ? sql`` : sql`, pg_notify(${LIVE_CHANNEL}, ${tell})`} from fenced
  `);
  if (rows.length === 0) throw new LostClaimError(claim.id);
}

/** A failure that passes by itself and has not is told. */
const TOLD_AFTER = 5;

function factsOf({ id: exportId, connectionId, booking }: ExportClaim) {
  const { id: bookingId, serviceName: service, startsAt } = booking;
  return { exportId, connectionId, bookingId, service, startsAt };
}

/** Notes a failed go. What was written stays known; the next go repeats and finds it. Throws `LostClaimError`. */
export async function failExport(
  services: Services,
  claim: ExportClaim,
  error: unknown,
): Promise<ExportFailure> {
  const now = services.clock.now();
  const code = error instanceof ProviderError ? error.kind : "internal";
  const retryAfterMs = error instanceof ProviderError ? error.retryAfterMs : null;
  const attempts = claim.attempts + 1;
  const failure = { class: classOf(code), attempts, retryAfterMs, random: services.random(), now };
  const retryAt = exportRetryAt(failure);
  const changes = { attempts, errorCode: code, errorAt: now, nextAttemptAt: retryAt, leaseUntil: null };
  const tell = liveMessage(claim.userId, ["bookings", "integrations"]);
  await withTransaction(services.db, async (tx) => {
    await fenced(tx, claim, changes, { also: null, tell });
    // The list of calendars says whether the right to write or the calendar itself is gone, and may end the question.
    const { connectionId } = claim;
    if (failure.class === "lasting" && code !== "invalid_request") {
      await enqueue(tx, { name: "connection/calendars.stale", data: { connectionId } }, now);
    }
    if (failure.class === "lasting" || attempts >= TOLD_AFTER)
      await tellExportFailed(tx, { ...factsOf(claim), code }, now);
  });
  return { code, class: failure.class, retryAt };
}

/** What one event met, the others of its calendar would meet as well: they wait like it, and say so if it lasts. */
export async function spreadFailure(
  services: Services,
  claim: ExportClaim,
  failure: ExportFailure,
): Promise<void> {
  const now = services.clock.now();
  const lasts = failure.class === "lasting";
  await services.db.execute(sql`
    update calendar_exported_bookings x
    set next_attempt_at = ${failure.retryAt.toISOString()}::timestamptz,
      error_code = case when ${lasts} then ${failure.code} else x.error_code end,
      error_at = case when ${lasts} then ${now.toISOString()}::timestamptz else x.error_at end
    where x.connection_id = ${claim.connectionId} and x.calendar_external_id = ${claim.calendarExternalId}
      and x.desired = 'present' and x.wanted_seq > x.done_seq and x.id <> ${claim.id}
      and x.next_attempt_at <= ${now.toISOString()}::timestamptz
  `);
}

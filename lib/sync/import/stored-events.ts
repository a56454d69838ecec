import { sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { prepared } from "@/db/prepared";
import type { PlannedEvent, StoredEvent } from "@/lib/calendar/import-plan";
import { newId } from "@/lib/platform/ids";
import type { Claim } from "@/lib/sync/import/claim";

export interface StoredRow extends StoredEvent {
  readonly override: boolean | null;
}

interface RawRow extends Record<string, unknown> {
  external_id: string;
  series_id: string | null;
  fingerprint: string;
  starts_ms: string;
  ends_ms: string;
  blocks: boolean;
  own: boolean;
  displaced: boolean;
  override: boolean | null;
}

/**
 * The rows a page is compared with: those named, or all of the calendar. What an import that was switched off left
 * behind is nobody's business while only our own events are read.
 */
export async function loadStored(
  db: Db,
  claim: Claim,
  wanted: { externalIds: Set<string>; seriesIds: Set<string> } | "all",
): Promise<Map<string, StoredRow>> {
  if (wanted !== "all" && wanted.externalIds.size === 0 && wanted.seriesIds.size === 0) return new Map();
  const named =
    wanted === "all"
      ? sql`true`
      : sql`(e.external_id in (select jsonb_array_elements_text(${json([...wanted.externalIds])}::jsonb))
          or e.series_id in (select jsonb_array_elements_text(${json([...wanted.seriesIds])}::jsonb)))`;
  const rows = await prepared(db).execute<RawRow>(sql`
    select e.external_id, e.series_id, e.fingerprint, e.own, e.displaced, e.override,
      (extract(epoch from e.starts_at) * 1000)::bigint::text as starts_ms,
      (extract(epoch from e.ends_at) * 1000)::bigint::text as ends_ms,
      event_blocks(e.kind, e.status, e.show_as, e.response, e.start_date is not null, e.starts_at >= e.ends_at,
        e.own, e.override, ${claim.canWrite}, ${claim.settings.allDayEvents}, ${claim.settings.tentative}) as blocks
    from calendar_sync_events e
    where e.calendar_id = ${claim.calendarId} and ${named} and (${claim.checked} or e.own or e.displaced)
  `);
  return new Map(rows.map((row) => [row.external_id, toStored(row)]));
}

function toStored(row: RawRow): StoredRow {
  return {
    seriesId: row.series_id,
    fingerprint: row.fingerprint,
    range: { start: new Date(Number(row.starts_ms)), end: new Date(Number(row.ends_ms)) },
    blocks: row.blocks,
    own: row.own,
    displaced: row.displaced,
    override: row.override,
  };
}

/** One set-based upsert. The caller holds the lock and has checked the fence. */
export async function upsertEvents(
  tx: Tx,
  claim: Claim,
  planned: readonly PlannedEvent[],
  now: Date,
): Promise<void> {
  const rows = planned.map((item) => toRow(item, now));
  await prepared(tx).execute(sql`
    insert into calendar_sync_events (
      id, calendar_id, user_id, provider, external_id, series_id, ical_uid, etag, fingerprint, kind, status, show_as,
      response, starts_at, ends_at, start_date, end_date, time_zone, title, location, attendees, own,
      displaced, learned_at
    )
    select
      r.id, ${claim.calendarId}::uuid, ${claim.userId}::uuid, ${claim.vendor}, r.external_id, r.series_id, r.ical_uid,
      r.etag, r.fingerprint, r.kind, r.status, r.show_as, r.response, r.starts_at, r.ends_at, r.start_date, r.end_date,
      r.time_zone, r.title, r.location, r.attendees,
      coalesce(r.own, false), coalesce(r.displaced, false), ${now.toISOString()}::timestamptz
    from json_to_recordset(${json(rows)}::json) as r (
      id uuid, external_id text, series_id text, ical_uid text, etag text, fingerprint text, kind text, status text,
      show_as text, response text, starts_at timestamptz, ends_at timestamptz, start_date date, end_date date,
      time_zone text, title text, location text, attendees jsonb, own boolean, displaced boolean
    )
    on conflict (calendar_id, external_id) do update set
      series_id = excluded.series_id, ical_uid = excluded.ical_uid, etag = excluded.etag,
      fingerprint = excluded.fingerprint, kind = excluded.kind, status = excluded.status,
      show_as = excluded.show_as, response = excluded.response, starts_at = excluded.starts_at,
      ends_at = excluded.ends_at, start_date = excluded.start_date, end_date = excluded.end_date,
      time_zone = excluded.time_zone, title = excluded.title, location = excluded.location,
      attendees = excluded.attendees, own = excluded.own, displaced = excluded.displaced, learned_at = excluded.learned_at
  `);
}

/** What is absent is left out, not written as null: the database reads a sixth less text. */
function toRow({ event, range, fingerprint, own, displaced }: PlannedEvent, now: Date) {
  const { start, end } = event;
  return {
    id: newId(now),
    external_id: event.externalId,
    series_id: event.seriesId ?? undefined,
    ical_uid: event.iCalUid ?? undefined,
    etag: event.etag ?? undefined,
    fingerprint,
    kind: event.kind,
    status: event.status,
    show_as: event.showAs,
    response: event.response,
    starts_at: range.start.toISOString(),
    ends_at: range.end.toISOString(),
    start_date: start.kind === "day" ? start.date : undefined,
    end_date: end.kind === "day" ? end.date : undefined,
    time_zone: start.kind === "instant" ? (start.zone ?? undefined) : undefined,
    title: event.title ?? undefined,
    location: event.location ?? undefined,
    attendees: event.attendees.length === 0 ? undefined : event.attendees,
    // Of ten thousand rows hardly one is ours.
    own: own || undefined,
    displaced: displaced || undefined,
  };
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

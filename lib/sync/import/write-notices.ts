import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { enqueue } from "@/db/outbox";
import { type Notice, standingOf } from "@/lib/calendar/own-event";
import type { TimeRange } from "@/lib/calendar/time-range";
import { listed, loadRows, ms, type OwnRow } from "@/lib/connections/own-rows";
import type { Claim } from "@/lib/sync/import/claim";
import { type Sightings, verdictOn } from "@/lib/sync/import/sightings";

type Noticed = { row: OwnRow; notice: Notice };

/**
 * Notes what happened to our own events, in the transaction that writes their page. Judged once more over rows that
 * nobody can change meanwhile: the exporter may have written since. A loss is never concluded here, only asked about.
 */
export async function writeNotices(tx: Tx, claim: Claim, sightings: Sightings, now: Date): Promise<void> {
  const chosen = sql`select value::uuid from (${listed([...sightings.keys()])}) as l (value)`;
  const rows = await loadRows(tx, chosen, claim.calendarId, { lock: true });
  const noticed = rows.flatMap((row): Noticed[] => {
    const sighting = sightings.get(row.id);
    const notice = sighting === undefined ? null : verdictOn(claim, row, sighting);
    return notice === null ? [] : [{ row, notice }];
  });
  const settled = await followMoves(tx, claim, noticed);
  if (settled.length === 0) return;
  await store(tx, settled, now);
  const waking = settled.flatMap((one) => (wakesExporter(one) && one.row.connectionId) || []);
  for (const connectionId of new Set(waking)) {
    await enqueue(tx, { name: "connection/exports.due", data: { connectionId } }, now);
  }
  await announce(tx, claim.userId, ["bookings", "calendar"]);
}

/** Back where it belongs, with something to write that had to wait for that; or somebody must go and look. */
function wakesExporter({ row, notice }: Noticed): boolean {
  if (notice.say === "look") return true;
  return row.open && notice.state === "in_place" && row.remoteState !== "in_place";
}

async function store(tx: Tx, noticed: readonly Noticed[], now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const rows = noticed.map(({ row, notice }) => {
    // Gone from where its owner had moved it: where it was written first decides again.
    if (notice.say === "look" && row.remoteState === "relocated")
      return { id: row.id, look: true, state: "in_place" };
    if (notice.say === "look")
      return { id: row.id, look: true, starts_at: row.remote?.start, ends_at: row.remote?.end };
    const { state, remote, etag, updatedAt } = notice;
    return {
      id: row.id,
      look: false,
      state,
      starts_at: remote?.start,
      ends_at: remote?.end,
      etag,
      updated: updatedAt,
    };
  });
  await tx.execute(sql`
    update calendar_exported_bookings x
    set verify = r.look,
      next_attempt_at = case when r.look and x.wanted_seq <= x.done_seq then ${at} else x.next_attempt_at end,
      remote_state = coalesce(r.state, x.remote_state),
      remote_start = r.starts_at, remote_end = r.ends_at,
      remote_seen_at = case when r.look then x.remote_seen_at else ${at} end,
      etag = coalesce(r.etag, x.etag),
      remote_updated_at = coalesce(r.updated, x.remote_updated_at)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
      id uuid, look boolean, state text, starts_at timestamptz, ends_at timestamptz, etag text, updated timestamptz
    )
    where x.id = r.id
  `);
}

/** Gone from where we wrote it, and met in another calendar already: its owner moved it there. */
async function followMoves(tx: Tx, claim: Claim, noticed: readonly Noticed[]): Promise<Noticed[]> {
  const lost = noticed.filter(
    ({ row, notice }) => notice.say === "look" && row.calendarId === claim.calendarId,
  );
  if (lost.length === 0) return [...noticed];
  const found = await metElsewhere(
    tx,
    claim,
    lost.map(({ row }) => row.externalId),
  );
  const settled: Noticed[] = [];
  for (const one of noticed) {
    const place = one.notice.say === "look" ? found.get(one.row.externalId) : undefined;
    if (place === undefined) settled.push(one);
    else settled.push({ row: one.row, notice: await relocated(tx, one.row, place) });
  }
  return settled;
}

interface Place {
  eventId: string;
  range: TimeRange;
}

async function metElsewhere(
  tx: Tx,
  claim: Claim,
  externalIds: readonly string[],
): Promise<Map<string, Place>> {
  const rows = await tx.execute<{ id: string; external_id: string; starts: string; ends: string }>(sql`
    select e.id, e.external_id, ${ms("e.starts_at")} as starts, ${ms("e.ends_at")} as ends
    from calendars c join calendar_sync_events e on e.calendar_id = c.id
    where c.user_id = ${claim.userId} and c.id <> ${claim.calendarId} and e.provider = ${claim.vendor}
      and e.external_id in (${listed(externalIds)})
  `);
  return new Map(
    rows.map(({ id, external_id, starts, ends }) => {
      const range = { start: new Date(Number(starts)), end: new Date(Number(ends)) };
      return [external_id, { eventId: id, range }];
    }),
  );
}

/** It was taken for a guest's copy while the event itself still stood. */
async function relocated(tx: Tx, row: OwnRow, { eventId, range }: Place): Promise<Notice> {
  const standing = standingOf({ updatedAt: null }, range, "moved", { ...row, stands: false });
  await tx.execute(sql`
    update calendar_sync_events
    set own = ${standing === "own"}, displaced = ${standing === "displaced"}
    where id = ${eventId}
  `);
  return { say: "state", state: "relocated", remote: range, etag: null, updatedAt: null };
}

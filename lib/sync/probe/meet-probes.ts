import { sql } from "drizzle-orm";
import type { Database, Db } from "@/db/client";
import { announce } from "@/db/live";
import { enqueue } from "@/db/outbox";
import { withTransaction } from "@/db/transaction";
import { looksLikeProbe } from "@/lib/calendar/probe-key";
import type { RoundItem } from "@/lib/calendar/round-item";
import { listed } from "@/lib/connections/own-rows";
import type { Claim } from "@/lib/sync/import/claim";
import { HEARD_AT } from "@/lib/sync/probe/claim";

/** A page without the events of tests, and what it said of those. */
export interface SetAside {
  items: readonly RoundItem[];
  met: readonly MetProbe[];
}

interface MetProbe {
  externalId: string;
  live: boolean;
  /** When the vendor wrote it, where it says so. */
  updatedAt: Date | null;
}

/**
 * Takes the events of our own tests out of a page: they are nobody's time and no news. Known by their stored id in
 * their own calendar; a copy that somebody made of one is an event like any other. Pages without one ask nothing.
 */
export async function setProbesAside(db: Db, claim: Claim, items: readonly RoundItem[]): Promise<SetAside> {
  const candidates = items.flatMap((item) => metIn(item) ?? []);
  if (candidates.length === 0) return { items, met: [] };
  const rows = await db.execute<{ external_id: string }>(sql`
    select p.external_id from calendar_probes p
    where p.user_id = ${claim.userId} and p.calendar_external_id = ${claim.externalId}
      and p.external_id in (${listed(candidates.map(({ externalId }) => externalId))})
  `);
  const known = new Set(rows.map((row) => row.external_id));
  const isProbe = ({ externalId }: MetProbe) => known.has(externalId);
  return {
    items: items.filter((item) => {
      const met = metIn(item);
      return met === null || !isProbe(met);
    }),
    met: candidates.filter(isProbe),
  };
}

function metIn(item: RoundItem): MetProbe | null {
  if (item.type === "upsert") {
    const { externalId, updatedAt } = item.event;
    return looksLikeProbe(externalId) ? { externalId, live: true, updatedAt } : null;
  }
  if (item.type !== "removed" || !looksLikeProbe(item.externalId)) return null;
  return { externalId: item.externalId, live: false, updatedAt: null };
}

/**
 * Notes that a round met them, which is the last leg of a test. One that was taken for gone and lives, because a
 * request of before arrived late, is to be removed once more.
 */
export async function noteProbes(
  db: Database,
  claim: Claim,
  met: readonly MetProbe[],
  now: Date,
): Promise<void> {
  if (met.length === 0) return;
  const at = sql`${now.toISOString()}::timestamptz`;
  const seen = met.map(({ externalId: id, live, updatedAt }) => ({ id, live, updated: updatedAt }));
  await withTransaction(db, async (tx) => {
    const rows = await tx.execute<{ id: string }>(sql`
      update calendar_probes p
      set read_at = case when p.finished_at is null then coalesce(p.read_at, ${at}) else p.read_at end,
        written_at = coalesce(p.written_at, ${at}),
        pushed_at = case when p.finished_at is null and p.read_at is null then coalesce(p.pushed_at, ${HEARD_AT})
          else p.pushed_at end,
        removed_at = case when s.live and s.updated > p.removed_at then null else p.removed_at end,
        next_attempt_at = ${at}
      from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb) as s (id text, live boolean, updated timestamptz)
      where p.calendar_id = ${claim.calendarId} and p.external_id = s.id and p.asked_at is not null
        and (p.finished_at is null and p.read_at is null or s.live and s.updated > p.removed_at)
      returning p.id
    `);
    for (const { id } of rows) await enqueue(tx, { name: "calendar/probe.due", data: { probeId: id } }, now);
    if (rows.length > 0) await announce(tx, claim.userId, ["integrations"]);
  });
}

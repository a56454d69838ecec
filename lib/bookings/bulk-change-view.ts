import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { type BulkDecision, judgeBulkChange } from "@/lib/calendar/bulk-change";
import type { Ctx } from "@/lib/organizations/context";
import { decodePosition, type Page, type PageRequest, toPage } from "@/lib/platform/page";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** A calendar that emptied or changed wholesale; instants are RFC 3339. Counts are of events, a series counted once. */
export interface BulkChange {
  id: string;
  kind: "emptied" | "wholesale";
  status: "open" | BulkDecision;
  integrationId: string;
  provider: Vendor;
  accountEmail: string;
  calendarId: string;
  calendarName: string;
  since: string;
  through: string;
  detectedAt: string;
  decidedAt: string | null;
  before: number;
  gone: number;
  moved: number;
}

interface Row extends Record<string, unknown>, Omit<BulkChange, "kind" | "status"> {
  decision: BulkDecision | null;
}

export const ISO = sql.raw(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`);

function iso(column: string): SQL {
  return sql`to_char(${sql.raw(column)} at time zone 'UTC', ${ISO})`;
}

/** The latest first. */
export async function listBulkChanges(
  { db, userId }: Pick<Ctx, "db" | "userId">,
  { status }: { status?: "open" | "decided" | undefined },
  page: PageRequest,
): Promise<Page<BulkChange>> {
  const after = decodePosition(page.cursor, "instant");
  const position =
    after === null ? sql`true` : sql`(b.detected_at, b.id) < (${after.key}::timestamptz, ${after.id}::uuid)`;
  const wanted =
    status === undefined
      ? sql`true`
      : status === "open"
        ? sql`b.decision is null`
        : sql`b.decision is not null`;
  const rows = await selectChanges(db, userId, sql`${wanted} and ${position}`, page.limit + 1);
  return toPage(rows, page.limit, ({ detectedAt, id }) => ({ key: detectedAt, id }), viewOf);
}

/** Null for an unknown one and for somebody else's. */
export async function findBulkChange(
  { db, userId }: Pick<Ctx, "db" | "userId">,
  id: string,
): Promise<BulkChange | null> {
  const [row] = await selectChanges(db, userId, sql`b.id = ${id}`, 1);
  return row === undefined ? null : viewOf(row);
}

async function selectChanges(db: Db, userId: string, chosen: SQL, limit: number): Promise<Row[]> {
  return db.execute<Row>(sql`
    select b.id, b.decision, b.before, b.gone, b.moved, b.connection_id as "integrationId", k.provider,
      k.account_email as "accountEmail", b.calendar_id as "calendarId", c.name as "calendarName",
      ${iso("b.since")} as since, ${iso("b.through")} as through, ${iso("b.detected_at")} as "detectedAt",
      ${iso("b.decided_at")} as "decidedAt"
    from bulk_changes b
    join calendars c on c.id = b.calendar_id
    join calendar_connections k on k.id = b.connection_id
    where b.user_id = ${userId} and ${chosen}
    order by b.detected_at desc, b.id desc
    limit ${limit}
  `);
}

function viewOf({ decision, ...row }: Row): BulkChange {
  return { ...row, kind: judgeBulkChange(row) ?? "wholesale", status: decision ?? "open" };
}

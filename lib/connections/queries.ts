import { and, asc, desc, eq, getTableColumns, inArray, sql } from "drizzle-orm";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { integrationPolicies } from "@/db/schema/users";
import { type CalendarFacts, type ConnectionView, viewConnection } from "@/lib/connections/integration-view";
import type { ConnectionRow } from "@/lib/connections/own-connection";
import type { Services } from "@/lib/connections/services";
import { wantsWatch } from "@/lib/connections/watch-wishes";
import type { Ctx } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Capabilities } from "@/lib/providers/calendar-provider";

const NOTHING: Capabilities = { readEvents: false, writeEvents: false, contacts: false, presence: false };

/** The caller's connections, oldest first, those that are leaving included. */
export async function listConnections(services: Services, ctx: Ctx): Promise<ConnectionView[]> {
  const rows = await selectConnections(ctx)
    .where(eq(calendarConnections.userId, ctx.userId))
    .orderBy(asc(calendarConnections.connectedAt), asc(calendarConnections.id));
  return view(services, ctx, rows);
}

export async function getConnection(services: Services, ctx: Ctx, id: string): Promise<ConnectionView> {
  if (!isId(id)) throw notFound("integration");
  const rows = await selectConnections(ctx).where(
    and(eq(calendarConnections.id, id), eq(calendarConnections.userId, ctx.userId)),
  );
  const [found] = await view(services, ctx, rows);
  if (found === undefined) throw notFound("integration");
  return found;
}

/** Each with the number of events that wait to be written or removed. */
function selectConnections({ db, now }: Ctx) {
  return db
    .select({
      connection: getTableColumns(calendarConnections),
      pendingExports: sql<number>`(
        select count(*)::int
        from calendar_exported_bookings x join bookings b on b.id = x.booking_id
        where x.connection_id = calendar_connections.id and x.wanted_seq > x.done_seq and x.desired <> 'left'
          and (x.desired = 'absent' or b.ends_at > ${now.toISOString()}::timestamptz)
      )`,
    })
    .from(calendarConnections)
    .$dynamic();
}

interface ConnectionWithCounts {
  connection: ConnectionRow;
  pendingExports: number;
}

async function view(services: Services, ctx: Ctx, rows: ConnectionWithCounts[]): Promise<ConnectionView[]> {
  if (rows.length === 0) return [];
  const [facts, policies] = await Promise.all([
    readCalendars(
      ctx,
      rows.map(({ connection }) => connection.id),
    ),
    ctx.db
      .select()
      .from(integrationPolicies)
      .where(eq(integrationPolicies.organizationId, ctx.organizationId)),
  ]);
  return rows.map(({ connection, pendingExports }) =>
    viewConnection({
      connection,
      pendingExports,
      calendars: facts.filter(({ row }) => row.connectionId === connection.id),
      capabilities:
        services.providers.find(connection.provider)?.oauth.capabilities(connection.grantedScopes) ?? NOTHING,
      policy: policies.find((rule) => rule.provider === connection.provider) ?? {
        allowed: true,
        message: null,
      },
      now: ctx.now,
    }),
  );
}

async function readCalendars(ctx: Ctx, connectionIds: string[]): Promise<CalendarFacts[]> {
  const rows = await ctx.db
    .select({
      row: getTableColumns(calendars),
      running: sql<boolean>`coalesce(${calendars.leaseUntil} > clock_timestamp(), false)`,
      ...pushFacts(ctx.now),
    })
    .from(calendars)
    .where(and(eq(calendars.userId, ctx.userId), inArray(calendars.connectionId, connectionIds)))
    .orderBy(desc(calendars.isPrimary), asc(calendars.name), asc(calendars.id));
  return rows;
}

/** Whether its vendor tells of changes, until when, and how fast the last one told was here. */
function pushFacts(now: Date) {
  return {
    watchWanted: sql<boolean>`exists (
      select from calendars c join calendar_connections k on k.id = c.connection_id
      where c.id = calendars.id and ${wantsWatch}
    )`,
    watchedUntilMs: sql<string | null>`(
      select (extract(epoch from max(w.expires_at)) * 1000)::bigint::text from calendar_watches w
      where w.calendar_id = calendars.id and w.stop_wanted_at is null and w.verified_at is not null
        and w.expires_at > ${now.toISOString()}::timestamptz
    )`,
    pushDelayMs: sql<number | null>`(
      select l.delay_ms from calendar_sync_logs l
      where l.calendar_id = calendars.id and l.trigger = 'push' and l.delay_ms is not null
      order by l.seq desc limit 1
    )`,
  };
}

/** What a disconnect would take away. */
export interface Consequences {
  calendars: number;
  /** Busy times from now on that would no longer block. */
  busyBlocks: number;
  /** Our events of bookings that are not over; its owner decides whether they stay. */
  exportedEvents: number;
}

/** Counts for each of the caller's connections among `connectionIds`; all of them are in the answer. */
export async function disconnectConsequences(
  ctx: Ctx,
  connectionIds: readonly string[],
): Promise<Map<string, Consequences>> {
  const wanted = connectionIds.filter(isId);
  const counts = new Map<string, Consequences>(
    wanted.map((id) => [id, { calendars: 0, busyBlocks: 0, exportedEvents: 0 }]),
  );
  if (wanted.length === 0) return counts;
  const rows = await ctx.db.execute<{ id: string; calendars: number; blocks: number; exported: number }>(sql`
    select k.id,
      (select count(*)::int from calendars c where c.connection_id = k.id and c.selected) as calendars,
      (
        select count(*)::int from unavailabilities u
        where u.user_id = k.user_id and u.connection_id = k.id
          and u.ends_at > ${ctx.now.toISOString()}::timestamptz
      ) as blocks,
      (
        select count(*)::int from calendar_exported_bookings x join bookings b on b.id = x.booking_id
        where x.connection_id = k.id and x.written_start is not null and x.remote_state <> 'deleted'
          and b.ends_at > ${ctx.now.toISOString()}::timestamptz
      ) as exported
    from calendar_connections k
    where k.user_id = ${ctx.userId}
      and k.id in (select jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb)::uuid)
  `);
  for (const row of rows) {
    counts.set(row.id, { calendars: row.calendars, busyBlocks: row.blocks, exportedEvents: row.exported });
  }
  return counts;
}

/** How far a first import is; null for a connection that is not in one. */
export interface ImportProgress {
  calendarsDone: number;
  calendarsTotal: number;
  events: number;
}

export async function importProgress(
  ctx: Ctx,
  connection: Pick<ConnectionView, "id" | "status" | "calendars">,
): Promise<ImportProgress | null> {
  if (connection.status !== "importing") return null;
  const checked = connection.calendars.filter((calendar) => calendar.checkForConflicts);
  const [row] = await ctx.db.execute<{ events: number }>(sql`
    select count(*)::int as events
    from calendar_sync_events e join calendars c on c.id = e.calendar_id
    where c.user_id = ${ctx.userId} and c.connection_id = ${connection.id}
  `);
  return {
    calendarsDone: checked.filter((calendar) => calendar.lastSyncedAt !== null).length,
    calendarsTotal: checked.length,
    events: row?.events ?? 0,
  };
}

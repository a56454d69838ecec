import { setTimeout as sleep } from "node:timers/promises";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { announce } from "@/db/live";
import { calendarConnections, calendarLists } from "@/db/schema/connections";
import { withProviderTime } from "@/db/transaction";
import { withAccess } from "@/lib/connections/access";
import { isAdmitted } from "@/lib/connections/admitted";
import { applyCalendarList, type ListChanges } from "@/lib/connections/calendar-list";
import { resolveHealed } from "@/lib/connections/connection-notices";
import { planExports } from "@/lib/connections/plan-exports";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import type { Services } from "@/lib/connections/services";
import { providerOf } from "@/lib/connections/stored-tokens";
import { wakeExports } from "@/lib/connections/wake-exports";
import { recordAudit } from "@/lib/organizations/audit";
import { AppError } from "@/lib/platform/errors";
import type { Access } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";

type Connection = typeof calendarConnections.$inferSelect;

/** Messages that come while a list is read are let pass before it is read once more. */
const CALM_MS = 250;
const LONGEST_STORM_MS = 5_000;

/**
 * Reads the account's list of calendars again and follows it; once more when its vendor told of a change meanwhile, or
 * somebody else read it. What is told during that is left to the schedule: a flood costs two readings, however long.
 * Null when the connection changed hands, left or died meanwhile, or nobody may ask for it any more. Throws
 * `ProviderError` for what passes by itself.
 */
export async function refreshCalendars(
  services: Services,
  connectionId: string,
): Promise<ListChanges | null> {
  const first = await readList(services, connectionId);
  if (first === null || !first.again) return first?.changes ?? null;
  await awaitCalm(services, connectionId);
  const second = await readList(services, connectionId);
  if (second !== null) addChanges(first.changes, second.changes);
  return first.changes;
}

function none(): ListChanges {
  return { added: [], removed: [], changed: [], zoneChanged: [], targetLost: false };
}

function addChanges(total: ListChanges, more: ListChanges): void {
  for (const key of ["added", "removed", "changed", "zoneChanged"] as const) total[key].push(...more[key]);
  total.targetLost ||= more.targetLost;
}

async function awaitCalm({ db }: Services, connectionId: string): Promise<void> {
  let seen = -1;
  for (let waited = 0; waited < LONGEST_STORM_MS; waited += CALM_MS) {
    const { changeSeq } = await readMarks(db, connectionId);
    if (changeSeq === seen) return;
    seen = changeSeq;
    await sleep(CALM_MS);
  }
}

interface ReadList {
  changes: ListChanges;
  followed: boolean;
  /** The vendor told of a change while this was read, or somebody else read it. */
  again: boolean;
}

/** How often its vendor told of changes of the list, and up to which of them it was read. */
async function readMarks(db: Db, connectionId: string): Promise<{ changeSeq: number; readSeq: number }> {
  const [row] = await db.select().from(calendarLists).where(eq(calendarLists.connectionId, connectionId));
  return row ?? { changeSeq: 0, readSeq: 0 };
}

async function readList(services: Services, connectionId: string): Promise<ReadList | null> {
  const [seen] = await services.db
    .select()
    .from(calendarConnections)
    .where(
      and(
        eq(calendarConnections.id, connectionId),
        isNull(calendarConnections.disconnectingAt),
        isAdmitted(sql`${calendarConnections}`),
      ),
    );
  if (seen === undefined || seen.reconnectReason !== null) return null;
  const marks = await readMarks(services.db, connectionId);
  const provider = providerOf(services, seen.provider);
  const now = services.clock.now();
  try {
    const list = (access: Access) => provider.listCalendars(access);
    const listed = await withAccess(services, connectionId, list, { patient: true });
    const read = await follow(services, seen, listed, marks);
    if (read?.followed) await noteRead(services.db, connectionId, marks.changeSeq);
    return read;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === "reauthorization_required") return null;
    const reason = { scope_missing: "insufficient_scopes", admin_policy: "admin_policy" } as const;
    if (error.kind !== "scope_missing" && error.kind !== "admin_policy") throw error;
    const { generation } = seen;
    await requireReconnect(services.db, { connectionId, generation, reason: reason[error.kind], now });
    return null;
  }
}

async function follow(
  services: Services,
  seen: Connection,
  listed: Parameters<typeof applyCalendarList>[2],
  marks: { changeSeq: number; readSeq: number },
): Promise<ReadList | null> {
  const now = services.clock.now();
  return withProviderTime(services.db, seen.userId, async (tx) => {
    const [current] = await tx
      .select({ listedAt: calendarConnections.calendarsListedAt })
      .from(calendarConnections)
      .where(and(eq(calendarConnections.id, seen.id), eq(calendarConnections.generation, seen.generation)))
      .for("no key update");
    if (current === undefined) return null;
    // A list followed since may be newer than this one, which would undo it.
    if (current.listedAt?.getTime() !== seen.calendarsListedAt?.getTime())
      return { changes: none(), followed: false, again: true };
    const changes = await applyCalendarList(tx, seen, listed, now);
    const again = (await readMarks(tx, seen.id)).changeSeq > marks.changeSeq;
    const { added, removed, changed, zoneChanged, targetLost } = changes;
    if (added.length + removed.length + changed.length + zoneChanged.length === 0)
      return { changes, followed: true, again };
    if (marks.changeSeq === marks.readSeq && !again) await noteUntold(tx, seen, now);
    await planExports(tx, { userId: seen.userId, touch: false }, now);
    // A calendar that may be written to again, or that changed at all: what failed for it is tried anew.
    if (changed.length > 0) await wakeExports(tx, seen.id, now, ["permission_denied", "not_found"]);
    if (removed.length > 0) {
      await resolveHealed(tx, seen, now);
      await recordAudit(
        tx,
        {
          userId: seen.userId,
          organizationId: seen.organizationId,
          actor: { type: "system", job: "calendars" },
          now,
        },
        {
          action: "connection.settings_changed",
          subject: { type: "connection", id: seen.id },
          details: { calendarsRemoved: removed, targetLost },
        },
      );
    }
    await announce(tx, seen.userId, ["integrations", "calendar"]);
    return { changes, followed: true, again };
  });
}

/**
 * What was told before this reading is answered by it. After its transaction, so that no message waits for that; who
 * dies in between has the list read once more.
 */
async function noteRead(db: Db, connectionId: string, changeSeq: number): Promise<void> {
  await db
    .update(calendarLists)
    .set({ readSeq: sql`greatest(${calendarLists.readSeq}, ${changeSeq})` })
    .where(eq(calendarLists.connectionId, connectionId));
}

/**
 * Evidence against the list's watch: something changed since the reading before, and nobody told of it. A message that
 * still comes takes it back.
 */
async function noteUntold(tx: Tx, { id, calendarsListedAt }: Connection, now: Date): Promise<void> {
  if (calendarsListedAt === null) return;
  const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;
  await tx.execute(sql`
    update calendar_watches set missed = missed + 1
    where connection_id = ${id} and subject = 'calendar_list' and stop_wanted_at is null
      and requested_at < ${at(calendarsListedAt)} and expires_at > ${at(now)}
  `);
}

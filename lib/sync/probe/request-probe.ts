import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { enqueue } from "@/db/outbox";
import { calendars } from "@/db/schema/calendars";
import { calendarProbes } from "@/db/schema/probes";
import { withTransaction } from "@/db/transaction";
import { probeKey } from "@/lib/calendar/probe-key";
import { type ConnectionRow, lockOwnConnection } from "@/lib/connections/own-connection";
import { calendarsToRead } from "@/lib/connections/read-calendars";
import type { Services } from "@/lib/connections/services";
import { usableProvider } from "@/lib/connections/usable-provider";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { AppError, notFound } from "@/lib/platform/errors";
import { isId, newId } from "@/lib/platform/ids";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";

type Calendar = typeof calendars.$inferSelect;

/**
 * "Test this calendar now": an event is written there, met again and removed. A test that is under way is answered
 * instead of another. Throws `reconnect_required`, `blocked_by_policy`, `provider_not_configured`, `import_disabled`,
 * `calendar_not_checked`, `calendar_not_writable` or `not_found`.
 */
export async function requestProbe(
  services: Services,
  ctx: Ctx,
  connectionId: string,
  calendarId: string,
): Promise<{ probeId: string }> {
  requireScope(ctx, "write");
  return withTransaction(services.db, async (tx) => {
    const connection = await lockOwnConnection(tx, ctx, connectionId);
    const calendar = await ownCalendar(tx, connectionId, calendarId);
    const provider = await usableProvider(services, tx, ctx, connection);
    await assertReadable(tx, connection, calendarId);
    assertWritable(connection, calendar, provider);
    const probeId = (await running(tx, calendarId)) ?? (await insert(services, tx, ctx, calendar, provider));
    await enqueue(tx, { name: "calendar/probe.due", data: { probeId } }, ctx.now);
    await announce(tx, ctx.userId, ["integrations"]);
    return { probeId };
  });
}

async function ownCalendar(tx: Tx, connectionId: string, calendarId: string): Promise<Calendar> {
  if (!isId(calendarId)) throw notFound("calendar");
  const [calendar] = await tx
    .select()
    .from(calendars)
    .where(and(eq(calendars.id, calendarId), eq(calendars.connectionId, connectionId)));
  if (calendar === undefined) throw notFound("calendar");
  return calendar;
}

/** What nobody reads cannot be met again. */
async function assertReadable(tx: Tx, connection: ConnectionRow, calendarId: string): Promise<void> {
  if ((await calendarsToRead(tx, connection.id)).includes(calendarId)) return;
  if (!connection.importEnabled) throw new AppError("import_disabled", "Import is switched off.");
  throw new AppError("calendar_not_checked", "Check this calendar for conflicts first.");
}

function assertWritable(
  { grantedScopes }: ConnectionRow,
  { canWrite }: Calendar,
  { oauth }: CalendarProvider,
): void {
  if (!oauth.capabilities(grantedScopes).writeEvents) {
    throw new AppError("calendar_not_writable", "This account did not give the permission to write events.");
  }
  if (!canWrite) {
    throw new AppError("calendar_not_writable", "This calendar is read only, so a test cannot be written.");
  }
}

/** The caller holds the connection, so that of two who ask at once the second finds the first one's. */
async function running(tx: Tx, calendarId: string): Promise<string | null> {
  const [row] = await tx
    .select({ id: calendarProbes.id })
    .from(calendarProbes)
    .where(and(eq(calendarProbes.calendarId, calendarId), isNull(calendarProbes.finishedAt)));
  return row?.id ?? null;
}

async function insert(
  { appOrigin }: Services,
  tx: Tx,
  { now, userId }: Ctx,
  calendar: Calendar,
  provider: CalendarProvider,
): Promise<string> {
  const id = newId(now);
  await tx.insert(calendarProbes).values({
    id,
    userId,
    connectionId: calendar.connectionId,
    calendarId: calendar.id,
    calendarExternalId: calendar.externalId,
    externalId: provider.events.idOf(probeKey({ installation: appOrigin, probeId: id })),
    requestedAt: now,
    nextAttemptAt: now,
  });
  return id;
}

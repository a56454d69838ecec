import { eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { calendarRemovals } from "@/db/schema/bulk-changes";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { withProviderTime } from "@/db/transaction";
import { resolveHealed } from "@/lib/connections/connection-notices";
import { type ConnectionRow, lockOwnConnection } from "@/lib/connections/own-connection";
import { planExports } from "@/lib/connections/plan-exports";
import { type CalendarChoice, planSettings, type SettingsPlan } from "@/lib/connections/plan-settings";
import { calendarsToRead } from "@/lib/connections/read-calendars";
import { cancelRuns, requestRounds } from "@/lib/connections/request-round";
import {
  deselectCalendars,
  FORGOTTEN,
  forgetUnread,
  selectCalendars,
} from "@/lib/connections/select-calendars";
import type { Services } from "@/lib/connections/services";
import { parseSettings, type SettingsInput } from "@/lib/connections/settings-input";
import { wakeExports } from "@/lib/connections/wake-exports";
import { settleWatches } from "@/lib/connections/watch-wishes";
import { recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";

/**
 * Changes settings and calendar selection in one transaction, and starts the import of what is newly checked.
 * Throws `not_found` for a connection or calendar that is not the caller's, `invalid_input` for anything else.
 */
export async function updateSettings(
  services: Services,
  ctx: Ctx,
  connectionId: string,
  body: unknown,
): Promise<void> {
  requireScope(ctx, "write");
  const input = parseSettings(body);
  await withProviderTime(services.db, ctx.userId, (tx) =>
    changeSettings(services, tx, ctx, connectionId, input),
  );
}

/** The change itself, for verbs that hold the person's lock. */
export async function changeSettings(
  services: Services,
  tx: Tx,
  ctx: Ctx,
  connectionId: string,
  input: SettingsInput,
): Promise<void> {
  const connection = await lockOwnConnection(tx, ctx, connectionId);
  const known = await readCalendars(tx, connectionId);
  const canWrite =
    services.providers.find(connection.provider)?.oauth.capabilities(connection.grantedScopes).writeEvents ??
    false;
  const plan = planSettings(connection, known, canWrite, input);
  if (plan.isEmpty) return;
  await applySettings(tx, ctx, connection, plan);
  await recordAudit(tx, ctx, {
    action: "connection.settings_changed",
    subject: { type: "connection", id: connectionId },
    details: { changed: plan.diff, checked: plan.select, unchecked: plan.deselect },
  });
  await announce(tx, ctx.userId, ["integrations", "calendar"]);
}

async function readCalendars(tx: Tx, connectionId: string): Promise<CalendarChoice[]> {
  return tx
    .select({
      id: calendars.id,
      selected: calendars.selected,
      canWrite: calendars.canWrite,
      isPrimary: calendars.isPrimary,
    })
    .from(calendars)
    .where(eq(calendars.connectionId, connectionId));
}

async function applySettings(tx: Tx, ctx: Ctx, connection: ConnectionRow, plan: SettingsPlan): Promise<void> {
  const { id: connectionId } = connection;
  const scope = { connectionId, now: ctx.now };
  const readBefore = await calendarsToRead(tx, connectionId);
  if (Object.keys(plan.set).length > 0) {
    await tx.update(calendarConnections).set(plan.set).where(eq(calendarConnections.id, connectionId));
  }
  await selectCalendars(tx, scope, plan.select);
  await deselectCalendars(tx, scope, plan.deselect);
  if (plan.titles === "forget") await forgetTitles(tx, connectionId);
  if (plan.titles === "read_again") await readAgain(tx, connectionId);
  if (plan.importStopped) await cancelRuns(tx, { connectionId, importsAlone: true }, ctx.now);
  const readNow = await calendarsToRead(tx, connectionId);
  await forgetUnread(tx, scope, without(without(readBefore, readNow), plan.deselect));
  if (readsOthers(plan)) {
    await settleWatches(tx, connectionId, ctx.now);
    await resolveHealed(tx, { id: connectionId, userId: ctx.userId }, ctx.now);
  }
  await requestRounds(tx, {
    connectionId,
    calendarIds: connection.reconnectReason === null ? roundsWanted(plan, readBefore, readNow) : [],
    trigger: plan.select.length > 0 ? "connect" : "manual",
    now: ctx.now,
  });
  if (plan.exports !== "keep") {
    await planExports(tx, { userId: ctx.userId, touch: plan.exports === "rewrite" }, ctx.now);
    await wakeExports(tx, connectionId, ctx.now);
  }
}

/** Which calendars are read by themselves may be another answer now. */
function readsOthers({ select, deselect, set, exports }: SettingsPlan): boolean {
  if (select.length + deselect.length > 0 || exports === "replan") return true;
  return set.importEnabled !== undefined || set.autoSyncEnabled !== undefined;
}

/** What was asked for, and what only now is read, such as a target that is not checked. */
function roundsWanted(
  plan: SettingsPlan,
  readBefore: readonly string[],
  readNow: readonly string[],
): string[] {
  return [...new Set([...plan.read, ...(plan.rereads ? readNow : without(readNow, readBefore))])];
}

function without(ids: readonly string[], others: readonly string[]): string[] {
  return ids.filter((id) => !others.includes(id));
}

/** Also of what went. Workers that still carry titles are fenced off; they go on from their last cursor without them. */
async function forgetTitles(tx: Tx, connectionId: string): Promise<void> {
  await tx
    .update(calendars)
    .set({ generation: sql`${calendars.generation} + 1`, leaseUntil: null })
    .where(eq(calendars.connectionId, connectionId));
  await tx
    .update(calendarSyncEvents)
    .set({ title: null, location: null, attendees: null })
    .where(
      sql`${calendarSyncEvents.calendarId} in (select id from calendars where connection_id = ${connectionId})`,
    );
  await tx
    .update(calendarRemovals)
    .set({ title: null })
    .where(
      sql`${calendarRemovals.calendarId} in (select id from calendars where connection_id = ${connectionId})`,
    );
}

/** Titles come back only with a full round. What is stored blocks until then, so evidence is kept. */
async function readAgain(tx: Tx, connectionId: string): Promise<void> {
  const { cursor, cursorVersion, leaseUntil } = FORGOTTEN;
  await tx
    .update(calendars)
    .set({ cursor, cursorVersion, leaseUntil, generation: sql`${calendars.generation} + 1` })
    .where(eq(calendars.connectionId, connectionId));
}

import { and, asc, desc, eq } from "drizzle-orm";
import { calendars } from "@/db/schema/calendars";
import type { calendarConnections } from "@/db/schema/connections";
import { calendarState, isOverdue, SYNC_ERROR_KINDS } from "@/lib/calendar/calendar-state";
import { covers } from "@/lib/calendar/window";
import type { Ctx } from "@/lib/organizations/context";
import type { ProviderCalendar } from "@/lib/providers/calendar-provider";
import { type Check, failed, ok, warning } from "@/lib/reporting/diagnosis";
import { describeRunError } from "@/lib/reporting/run-errors";

type Calendar = typeof calendars.$inferSelect;
type Connection = Pick<typeof calendarConnections.$inferSelect, "id" | "autoSyncEnabled" | "importEnabled">;

const WAIT = "Nothing to do: it is read by itself. Press “Sync now” if you do not want to wait.";

/** One check for each calendar that blocks time. `listed` is what the account just told; null when it did not. */
export async function diagnoseCalendars(
  ctx: Ctx,
  connection: Connection,
  listed: readonly ProviderCalendar[] | null,
): Promise<Check[]> {
  const title = "Checked calendars";
  if (!connection.importEnabled) {
    return [warning("calendars", title, "Import is switched off, so nothing blocks.", "Switch import on.")];
  }
  const rows = await ctx.db
    .select()
    .from(calendars)
    .where(
      and(eq(calendars.connectionId, connection.id), eq(calendars.userId, ctx.userId), calendars.selected),
    )
    .orderBy(desc(calendars.isPrimary), asc(calendars.name), asc(calendars.id));
  if (rows.length === 0) {
    const fix = "Choose at least one calendar on the integrations page.";
    return [warning("calendars", title, "No calendar is checked for conflicts.", fix)];
  }
  const known = listed === null ? null : new Set(listed.map((calendar) => calendar.externalId));
  return rows.map((row) => judge(row, connection, known, ctx.now));
}

const CODE = "calendar";

function judge(row: Calendar, connection: Connection, known: Set<string> | null, now: Date): Check {
  const title = `Calendar “${row.name}”`;
  if (known !== null && !known.has(row.externalId)) {
    const { message, fix } = describeRunError("not_found");
    return failed(CODE, title, message, fix);
  }
  return row.failures > 0
    ? judgeFailures(row, title, connection, now)
    : judgeEvidence(row, title, connection, now);
}

function judgeFailures(row: Calendar, title: string, connection: Connection, now: Date): Check {
  const { message, fix } = describeRunError(row.lastErrorKind ?? "internal");
  const times = `${row.failures} time${row.failures === 1 ? "" : "s"} in a row`;
  const evidence = {
    selected: true,
    lastCompleteRoundAt: row.syncedThrough,
    lastErrorKind: SYNC_ERROR_KINDS.find((kind) => kind === row.lastErrorKind) ?? null,
    failures: row.failures,
    running: false,
  };
  const state = calendarState(evidence, { autoSync: connection.autoSyncEnabled, usable: true }, now);
  const verdict = state === "failed" ? failed : warning;
  return verdict(CODE, title, `${message} Reading failed ${times}. ${lastRead(row)}`, fix);
}

function judgeEvidence(row: Calendar, title: string, connection: Connection, now: Date): Check {
  const { syncedThrough: lastCompleteRoundAt, nextSyncAt } = row;
  if (lastCompleteRoundAt === null) return warning(CODE, title, "It is being read for the first time.", WAIT);
  const { windowStart: start, windowEnd: end } = row;
  if (start === null || end === null || !covers({ start, end }, now)) {
    return warning(CODE, title, `${lastRead(row)} Part of the coming weeks has not been read yet.`, WAIT);
  }
  if (connection.autoSyncEnabled && isOverdue({ lastCompleteRoundAt, nextSyncAt }, now)) {
    return warning(CODE, title, `${lastRead(row)} That is longer ago than it should be.`, WAIT);
  }
  return ok(CODE, title, `${lastRead(row)} Known until ${utc(end)}.`);
}

function lastRead({ lastSyncedAt }: Calendar): string {
  return lastSyncedAt === null ? "It was never read to its end." : `Last read ${utc(lastSyncedAt)}.`;
}

function utc(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

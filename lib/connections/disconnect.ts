import { and, eq, isNull, or } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { enqueue } from "@/db/outbox";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections, disconnections, oauthAttempts, oauthTokens } from "@/db/schema/connections";
import { withProviderTime } from "@/db/transaction";
import { dropBulkChanges } from "@/lib/connections/bulk-notices";
import { resolveLeaving } from "@/lib/connections/connection-notices";
import { dropDeadConnectionMails } from "@/lib/connections/dead-connection-mails";
import type { ConnectionRow } from "@/lib/connections/own-connection";
import { planExports } from "@/lib/connections/plan-exports";
import { cancelRuns } from "@/lib/connections/request-round";
import type { Services } from "@/lib/connections/services";
import { readTokens, vaultOfTokens } from "@/lib/connections/stored-tokens";
import { takeBackExports } from "@/lib/connections/wake-exports";
import { stopAllWatches } from "@/lib/connections/watch-wishes";
import { recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { SealError } from "@/lib/platform/crypto";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";

/** What removal and revocation need is kept this long; after that only the vendor's own page can end the grant. */
const REVOCATION_LIFE_MS = 24 * 3_600_000;

/**
 * From the return on nothing of the connection blocks, reads or can be written: events, cursors and tokens are
 * gone, and a late worker is fenced off. What is left to do at the vendor is the job's. Again: the same answer.
 */
export async function disconnect(
  services: Services,
  ctx: Ctx,
  connectionId: string,
  options: { exportedEvents?: "keep" | "remove" } = {},
): Promise<void> {
  requireScope(ctx, "connect");
  if (!isId(connectionId)) throw notFound("integration");
  await withProviderTime(services.db, ctx.userId, async (tx) => {
    const [connection] = await tx
      .select()
      .from(calendarConnections)
      .where(and(eq(calendarConnections.id, connectionId), eq(calendarConnections.userId, ctx.userId)))
      .for("no key update");
    if (connection === undefined) throw notFound("integration");
    if (connection.disconnectingAt !== null) return;
    await leave(services, tx, ctx, connection, options.exportedEvents ?? "keep");
  });
}

async function leave(
  services: Services,
  tx: Tx,
  ctx: Ctx,
  connection: ConnectionRow,
  exportedEvents: "keep" | "remove",
): Promise<void> {
  const { id: connectionId, userId } = connection;
  const sealedToken = await tokenForRevocation(services, tx, connection);
  await lockCalendars(tx, connectionId);
  await tx
    .update(calendarConnections)
    .set({
      generation: connection.generation + 1,
      disconnectingAt: ctx.now,
      targetCalendarId: null,
      reconnectReason: null,
      reconnectSince: null,
    })
    .where(eq(calendarConnections.id, connectionId));
  await cancelRuns(tx, { connectionId }, ctx.now);
  await dropDeadConnectionMails(tx, connectionId, "disconnected", ctx.now);
  await resolveLeaving(tx, { id: connectionId, userId }, ctx.now);
  await planExports(tx, { userId, touch: false }, ctx.now);
  if (exportedEvents === "remove") await takeBackExports(tx, connectionId, ctx.now);
  await stopAllWatches(tx, connectionId, ctx.now);
  await dropBulkChanges(tx, connection, ctx.now);
  await tx.delete(calendars).where(eq(calendars.connectionId, connectionId));
  await tx.delete(oauthTokens).where(eq(oauthTokens.connectionId, connectionId));
  await tx
    .update(oauthAttempts)
    .set({
      outcome: "expired",
      errorCode: "disconnected",
      finishedAt: ctx.now,
      secrets: null,
      linkHash: null,
    })
    .where(
      and(
        eq(oauthAttempts.connectionId, connectionId),
        or(isNull(oauthAttempts.outcome), eq(oauthAttempts.outcome, "closed")),
      ),
    );
  await tx.insert(disconnections).values({
    connectionId,
    userId,
    sealedToken,
    exportedEvents,
    nextAttemptAt: ctx.now,
    expiresAt: new Date(ctx.now.getTime() + REVOCATION_LIFE_MS),
  });
  await recordAudit(tx, ctx, {
    action: "connection.disconnected",
    subject: { type: "connection", id: connectionId },
    details: { provider: connection.provider, exportedEvents },
  });
  await enqueue(tx, { name: "connection/disconnected", data: { connectionId } }, ctx.now);
  await announce(tx, userId, ["integrations", "calendar"]);
}

/** Before their runs and watches, in the order of whoever ends a round or is told of a change. */
async function lockCalendars(tx: Tx, connectionId: string): Promise<void> {
  await tx
    .select({ id: calendars.id })
    .from(calendars)
    .where(eq(calendars.connectionId, connectionId))
    .orderBy(calendars.id)
    .for("update");
}

/** The refresh token, sealed anew for the one job that may open it. Null when it is dead or does not open. */
async function tokenForRevocation(
  services: Services,
  tx: Tx,
  connection: ConnectionRow,
): Promise<string | null> {
  const dead = connection.reconnectReason;
  if (dead === "revoked" || dead === "expired" || dead === "key_missing") return null;
  const tokens = await readTokens(tx, connection.id);
  if (tokens === null) return null;
  try {
    const vault = vaultOfTokens(tokens, services.masterKeys);
    const token = vault.open(connection.id, "refresh", tokens.sealedRefresh);
    return vault.seal(connection.id, "revocation", token);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

import { and, asc, eq, gt, lte, or, sql } from "drizzle-orm";
import { announce } from "@/db/live";
import { calendarConnections, disconnections } from "@/db/schema/connections";
import { withTransaction } from "@/db/transaction";
import { grantIsShared } from "@/lib/connections/discard-grant";
import type { Services } from "@/lib/connections/services";
import { openVault } from "@/lib/connections/token-vault";
import { recordAudit } from "@/lib/organizations/audit";
import { SealError } from "@/lib/platform/crypto";
import { describeError, log } from "@/lib/platform/log";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";
import { ProviderError, type ProviderErrorKind } from "@/lib/providers/provider-error";
import { hasDoomedExports, removeExports, settleExports } from "@/lib/sync/export/remove-exports";
import { countProbes, removeProbes } from "@/lib/sync/probe/remove-probe";
import { hasWatches, stopWatchesOf } from "@/lib/sync/watches/stop-watch";

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const TAKEN_MS = 60_000;
const AT_ONCE = 8;

/** How the access at the vendor ended. `shared`: another living connection needs the grant. */
type Ending = "revoked" | "shared" | "dead" | "not_supported" | "gave_up";
type DisconnectResult =
  | { status: "done"; ending: Ending }
  | { status: "waiting"; reason: string; retryAt: Date }
  /** Nothing to do now: finished before, or another worker is at it. */
  | { status: "skipped" };

type Leaving = typeof disconnections.$inferSelect & {
  provider: typeof calendarConnections.$inferSelect.provider;
  issuer: string;
  subject: string;
  organizationId: string;
  disconnectingAt: Date | null;
};

/**
 * Ends a connection at its vendor: watches and, where their owner wants them gone, our events first, then the access;
 * then its last row goes. Repeatable at any point.
 */
export async function finishDisconnect(services: Services, connectionId: string): Promise<DisconnectResult> {
  const now = services.clock.now();
  const leaving = await take(services, connectionId, now);
  if (leaving === null) return { status: "skipped" };
  try {
    await cleanUp(services, leaving);
    const ending = await revoke(services, leaving);
    return await remove(services, leaving, ending);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn({ connectionId, err: describeError(error) }, "revocation failed");
    if (leaving.expiresAt <= now) return remove(services, leaving, "gave_up");
    return wait(services, leaving, error, now);
  }
}

/** Moves the next attempt ahead before the first request goes out, so that two workers do not both send it. */
async function take(services: Services, connectionId: string, now: Date): Promise<Leaving | null> {
  return withTransaction(services.db, async (tx) => {
    const [row] = await tx
      .update(disconnections)
      .set({
        attempts: sql`${disconnections.attempts} + 1`,
        nextAttemptAt: new Date(now.getTime() + TAKEN_MS),
      })
      .where(and(eq(disconnections.connectionId, connectionId), isDue(now)))
      .returning();
    if (row === undefined) return null;
    const [connection] = await tx
      .select({
        provider: calendarConnections.provider,
        issuer: calendarConnections.issuer,
        subject: calendarConnections.subject,
        organizationId: calendarConnections.organizationId,
        disconnectingAt: calendarConnections.disconnectingAt,
      })
      .from(calendarConnections)
      .where(eq(calendarConnections.id, connectionId));
    return connection === undefined ? null : { ...row, ...connection };
  });
}

/** Due, or planned so far ahead that the clock must have been wrong. */
function isDue(now: Date) {
  return or(
    lte(disconnections.nextAttemptAt, now),
    gt(disconnections.nextAttemptAt, new Date(now.getTime() + 2 * LONGEST_WAIT_MS)),
  );
}

/**
 * Stops watches, removes what tests left, whatever shall become of bookings, and then our events, while the access
 * still lives. With a dead token they have to stay: the audit says so of events, and watches ended with the grant.
 */
async function cleanUp(services: Services, leaving: Leaving): Promise<void> {
  const { connectionId, sealedToken } = leaving;
  if (sealedToken === null) return;
  const [watched, exported, probes] = await Promise.all([
    hasWatches(services.db, connectionId),
    hasDoomedExports(services.db, connectionId),
    countProbes(services.db, connectionId),
  ]);
  if (!watched && !exported && probes === 0) return;
  const provider = services.providers.find(leaving.provider);
  if (provider === null) throw new ProviderError("misconfigured", { detail: "not_configured" });
  const accessToken = await accessOf(services, provider, leaving, sealedToken);
  if (accessToken === null) return;
  const access = { accessToken, person: leaving.userId };
  if (watched) await stopWatchesOf(services.db, provider, access, connectionId);
  await removeProbes(services, provider, access, connectionId);
  if (!exported) return;
  await removeExports(services, provider, access, connectionId, () => stayAhead(services, connectionId));
}

/** Null: the grant is dead, or the token can no longer be opened. */
async function accessOf(
  services: Services,
  provider: CalendarProvider,
  leaving: Leaving,
  sealedToken: string,
): Promise<string | null> {
  try {
    const vault = await openVault(services.db, leaving.userId, services.masterKeys);
    const token = vault.open(leaving.connectionId, "revocation", sealedToken);
    return (await provider.oauth.refresh(token)).accessToken;
  } catch (error) {
    if (error instanceof SealError) return null;
    if (error instanceof ProviderError && LOST.has(error.kind)) return null;
    throw error;
  }
}

const LOST: ReadonlySet<ProviderErrorKind> = new Set(["reauthorization_required", "admin_policy"]);

/** A long removal is still this worker's. */
async function stayAhead({ db, clock }: Services, connectionId: string): Promise<void> {
  const nextAttemptAt = new Date(clock.now().getTime() + TAKEN_MS);
  await db.update(disconnections).set({ nextAttemptAt }).where(eq(disconnections.connectionId, connectionId));
}

async function revoke(services: Services, leaving: Leaving): Promise<Ending> {
  const { connectionId, provider: vendor, issuer, subject, sealedToken } = leaving;
  if (await grantIsShared(services.db, { vendor, issuer, subject }, connectionId)) return "shared";
  if (sealedToken === null) return "dead";
  const provider = services.providers.find(vendor);
  if (provider === null) throw new ProviderError("misconfigured", { detail: "not_configured" });
  if (!provider.oauth.revokes) return "not_supported";
  try {
    const vault = await openVault(services.db, leaving.userId, services.masterKeys);
    await provider.oauth.revoke(vault.open(connectionId, "revocation", sealedToken));
    return "revoked";
  } catch (error) {
    if (error instanceof SealError) return "dead";
    throw error;
  }
}

async function remove(services: Services, leaving: Leaving, ending: Ending): Promise<DisconnectResult> {
  const { connectionId, userId, organizationId } = leaving;
  const now = services.clock.now();
  await withTransaction(services.db, async (tx) => {
    const exported = await settleExports(tx, connectionId, leaving.disconnectingAt ?? now);
    const leftTests = await countProbes(tx, connectionId);
    const rows = await tx
      .delete(calendarConnections)
      .where(
        and(
          eq(calendarConnections.id, connectionId),
          sql`${calendarConnections.disconnectingAt} is not null`,
        ),
      )
      .returning({ id: calendarConnections.id });
    if (rows.length === 0) return;
    await recordAudit(
      tx,
      { userId, organizationId, actor: { type: "system", job: "finish-disconnects" }, now },
      {
        action: "connection.revoked",
        subject: { type: "connection", id: connectionId },
        details: {
          ending,
          attempts: leaving.attempts,
          exportedEvents: leaving.exportedEvents,
          ...exported,
          leftTests,
        },
      },
    );
    await announce(tx, userId, ["integrations"]);
  });
  return { status: "done", ending };
}

async function wait(
  services: Services,
  leaving: Leaving,
  error: ProviderError,
  now: Date,
): Promise<DisconnectResult> {
  const { connectionId, userId } = leaving;
  const doubled = Math.min(FIRST_WAIT_MS * 2 ** Math.min(leaving.attempts - 1, 10), LONGEST_WAIT_MS);
  const own = doubled * (0.5 + services.random() / 2);
  const delay = Math.min(Math.max(own, error.retryAfterMs ?? 0), LONGEST_WAIT_MS);
  const retryAt = new Date(Math.min(now.getTime() + delay, leaving.expiresAt.getTime()));
  await withTransaction(services.db, async (tx) => {
    await tx
      .update(disconnections)
      .set({ nextAttemptAt: retryAt, lastError: error.kind })
      .where(eq(disconnections.connectionId, connectionId));
    await tx
      .update(calendarConnections)
      .set({ disconnectReason: error.kind === "misconfigured" ? "misconfigured" : "provider_unreachable" })
      .where(eq(calendarConnections.id, connectionId));
    await announce(tx, userId, ["integrations"]);
  });
  return { status: "waiting", reason: error.kind, retryAt };
}

/** Takes up every disconnect whose next attempt is due. */
export async function finishDueDisconnects(
  services: Services,
  limit = 200,
): Promise<{ due: number; done: number; waiting: number; skipped: number; failed: number }> {
  const due = await services.db
    .select({ connectionId: disconnections.connectionId })
    .from(disconnections)
    .where(isDue(services.clock.now()))
    .orderBy(asc(disconnections.nextAttemptAt))
    .limit(limit);
  const report = { due: due.length, done: 0, waiting: 0, skipped: 0, failed: 0 };
  const queue = due.values();
  const worker = async () => {
    for (const { connectionId } of queue) report[await finishOne(services, connectionId)] += 1;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return report;
}

async function finishOne(
  services: Services,
  connectionId: string,
): Promise<DisconnectResult["status"] | "failed"> {
  try {
    return (await finishDisconnect(services, connectionId)).status;
  } catch (error) {
    log.error({ connectionId, err: describeError(error) }, "disconnect could not be finished");
    return "failed";
  }
}

import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { calendarConnections, oauthAttempts } from "@/db/schema/connections";
import { sqlState, withProviderTime } from "@/db/transaction";
import { type AttemptRow, endAttempt } from "@/lib/connections/attempts";
import { applyCalendarList } from "@/lib/connections/calendar-list";
import { tellAlive } from "@/lib/connections/connection-notices";
import { dropDeadConnectionMails } from "@/lib/connections/dead-connection-mails";
import { chooseFirstCalendars, wakeCalendars } from "@/lib/connections/first-calendars";
import { ConnectEnded } from "@/lib/connections/outcome";
import { planExports } from "@/lib/connections/plan-exports";
import { calendarsToRead } from "@/lib/connections/read-calendars";
import { requestRounds } from "@/lib/connections/request-round";
import { sealTokens } from "@/lib/connections/seal-tokens";
import type { Services } from "@/lib/connections/services";
import { openConnectRun, wakeExports } from "@/lib/connections/wake-exports";
import { renewAllWatches } from "@/lib/connections/watch-wishes";
import { recordAudit } from "@/lib/organizations/audit";
import type { Ctx } from "@/lib/organizations/context";
import { policyFor } from "@/lib/organizations/policies";
import { newId } from "@/lib/platform/ids";
import type { Capabilities, Grant, ProviderCalendar, Vendor } from "@/lib/providers/calendar-provider";

type ConnectionRow = typeof calendarConnections.$inferSelect;

interface GrantToStore {
  attempt: AttemptRow;
  vendor: Vendor;
  grant: Grant;
  capabilities: Capabilities;
  listed: readonly ProviderCalendar[];
}

interface StoredGrant {
  connectionId: string;
  outcome: "connected" | "limited";
}

/**
 * Makes or renews the connection in one transaction: row, sealed tokens, calendars, first import, attempt, audit.
 * Throws `ConnectEnded` when the account is not this person's to connect here.
 */
export async function storeGrant(services: Services, ctx: Ctx, input: GrantToStore): Promise<StoredGrant> {
  try {
    return await withProviderTime(services.db, ctx.userId, (tx) => store(services, ctx, input, tx));
  } catch (error) {
    // Somebody else connected the same account between our look and our insert.
    if (sqlState(error) === "23505") throw new ConnectEnded("already_linked", "lost_race", { cause: error });
    throw error;
  }
}

async function store(services: Services, ctx: Ctx, input: GrantToStore, tx: Tx): Promise<StoredGrant> {
  const { attempt, vendor, grant, capabilities, listed } = input;
  const now = services.clock.now();
  await assertPending(tx, attempt.id);
  const policy = await policyFor(tx, ctx.organizationId, vendor);
  if (!policy.allowed) throw new ConnectEnded("policy", "policy_changed");
  const existing = await accountHolder(tx, vendor, grant);
  if (existing !== null && existing.userId !== ctx.userId) throw new ConnectEnded("already_linked");
  if (attempt.connectionId !== null && existing?.id !== attempt.connectionId) {
    throw new ConnectEnded("wrong_account", "other_subject");
  }
  const connectionId =
    existing === null
      ? await insertConnection(tx, ctx, { vendor, grant, now })
      : await renewConnection(tx, ctx, existing, grant);
  await sealTokens(services, tx, { connectionId, userId: ctx.userId, grant, renewed: existing !== null });
  await applyCalendarList(tx, { id: connectionId, userId: ctx.userId }, listed, now);
  if (existing !== null) {
    await wakeCalendars(tx, connectionId);
    await dropDeadConnectionMails(tx, connectionId, "reconnected", now);
    await tellAlive(tx, { id: connectionId, userId: ctx.userId }, now);
  }
  const before = existing === null ? null : { ...existing, couldWrite: couldWrite(services, existing) };
  await chooseFirstCalendars(tx, { connectionId, userId: ctx.userId, existing: before, capabilities });
  await renewAllWatches(tx, connectionId, now);
  const calendarIds = await calendarsToRead(tx, connectionId);
  await requestRounds(tx, { connectionId, calendarIds, trigger: "connect", now });
  await planExports(tx, { userId: ctx.userId, touch: false }, now);
  if ((await wakeExports(tx, connectionId, now)) > 0) {
    await openConnectRun(tx, { connectionId, userId: ctx.userId }, now);
  }
  const outcome = capabilities.writeEvents ? "connected" : "limited";
  await endAttempt(tx, attempt.id, { outcome, errorCode: null, connectionId }, now);
  await recordAudit(
    tx,
    { ...ctx, now },
    {
      action: existing === null ? "connection.connected" : "connection.reconnected",
      subject: { type: "connection", id: connectionId },
      details: { provider: vendor, capabilities },
    },
  );
  await announce(tx, ctx.userId, ["integrations", "calendar"]);
  return { connectionId, outcome };
}

function couldWrite(services: Services, { provider, grantedScopes }: ConnectionRow): boolean {
  return services.providers.find(provider)?.oauth.capabilities(grantedScopes).writeEvents ?? false;
}

/** A disconnect or a sweep may have ended the attempt while we talked to the vendor. */
async function assertPending(tx: Tx, attemptId: string): Promise<void> {
  const [attempt] = await tx
    .select({ outcome: oauthAttempts.outcome })
    .from(oauthAttempts)
    .where(eq(oauthAttempts.id, attemptId))
    .for("update");
  if (attempt === undefined) throw new ConnectEnded("expired", "attempt_gone");
  if (attempt.outcome !== null) throw new ConnectEnded(attempt.outcome, "ended_meanwhile");
}

/** The living connection of this account, whoever's it is. */
async function accountHolder(tx: Tx, vendor: Vendor, grant: Grant): Promise<ConnectionRow | null> {
  const [row] = await tx
    .select()
    .from(calendarConnections)
    .where(
      and(
        eq(calendarConnections.provider, vendor),
        eq(calendarConnections.issuer, grant.issuer),
        eq(calendarConnections.subject, grant.subject),
        isNull(calendarConnections.disconnectingAt),
      ),
    )
    .for("no key update");
  return row ?? null;
}

async function insertConnection(
  tx: Tx,
  ctx: Ctx,
  { vendor, grant, now }: { vendor: Vendor; grant: Grant; now: Date },
): Promise<string> {
  const id = newId(now);
  await tx.insert(calendarConnections).values({
    id,
    userId: ctx.userId,
    organizationId: ctx.organizationId,
    provider: vendor,
    issuer: grant.issuer,
    subject: grant.subject,
    accountEmail: grant.email,
    grantedScopes: grant.scopes,
    connectedAt: now,
  });
  return id;
}

/** Ids, settings and calendars stay; the generation moves, so that nobody goes on with the tokens of before. */
async function renewConnection(tx: Tx, ctx: Ctx, existing: ConnectionRow, grant: Grant): Promise<string> {
  await tx
    .update(calendarConnections)
    .set({
      organizationId: ctx.organizationId,
      accountEmail: grant.email,
      grantedScopes: grant.scopes,
      generation: existing.generation + 1,
      reconnectReason: null,
      reconnectSince: null,
    })
    .where(eq(calendarConnections.id, existing.id));
  return existing.id;
}

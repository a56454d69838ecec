import { and, eq, isNull } from "drizzle-orm";
import { calendarConnections } from "@/db/schema/connections";
import { withAccess } from "@/lib/connections/access";
import { refreshTokens } from "@/lib/connections/refresh-tokens";
import type { Services } from "@/lib/connections/services";
import { providerOf, readLiveTokens } from "@/lib/connections/stored-tokens";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { policyFor } from "@/lib/organizations/policies";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { describeError, log } from "@/lib/platform/log";
import type { ProviderCalendar } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";
import { diagnoseCalendars } from "@/lib/reporting/diagnose-calendars";
import { checkClock, checkMail, checkRequests, checkSchedule } from "@/lib/reporting/diagnose-installation";
import { checkPush } from "@/lib/reporting/diagnose-push";
import { type Check, failed, ok, warning } from "@/lib/reporting/diagnosis";
import { describeRunError } from "@/lib/reporting/run-errors";

type Connection = typeof calendarConnections.$inferSelect;

/**
 * Tries a connection out from policy to schedule. Asks the vendor for a new token and for the account's calendars;
 * answers in our words alone. Throws `not_found` for a connection that is not the caller's.
 */
export async function diagnose(services: Services, ctx: Ctx, connectionId: string): Promise<Check[]> {
  requireScope(ctx, "write");
  const before = await ownConnection(ctx, connectionId);
  const policy = await checkPolicy(ctx, before);
  const token = policy.status === "ok" ? await probeToken(services, before) : notTried("token", TOKEN);
  const connection = await ownConnection(ctx, connectionId);
  const account =
    token.status === "ok"
      ? await probeAccount(services, connection)
      : { check: notTried("account", ACCOUNT), listed: null };
  const { grantedScopes, provider } = connection;
  return [
    policy,
    token,
    checkScopes(services.providers.find(provider)?.oauth.capabilities(grantedScopes) ?? null),
    account.check,
    ...(await diagnoseCalendars(ctx, connection, account.listed)),
    await checkPush(ctx.db, ctx.now, connection.id),
    await checkClock(ctx.db, services.clock),
    await checkSchedule(ctx, connection, policy.status === "ok"),
    checkRequests(services, connection),
    checkMail(services),
  ];
}

async function ownConnection(ctx: Ctx, connectionId: string): Promise<Connection> {
  if (!isId(connectionId)) throw notFound("integration");
  const [row] = await ctx.db
    .select()
    .from(calendarConnections)
    .where(
      and(
        eq(calendarConnections.id, connectionId),
        eq(calendarConnections.userId, ctx.userId),
        isNull(calendarConnections.disconnectingAt),
      ),
    );
  if (row === undefined) throw notFound("integration");
  return row;
}

async function checkPolicy(ctx: Ctx, { provider }: Connection): Promise<Check> {
  const title = "Your organization's rules";
  const { allowed } = await policyFor(ctx.db, ctx.organizationId, provider);
  if (allowed) return ok("policy", title, "Your organization allows this integration.");
  const { message, fix } = describeRunError("blocked_by_policy");
  return failed("policy", title, message, fix);
}

const TOKEN = "Access to the account";
const ACCOUNT = "The account's calendars";

function notTried(code: string, title: string): Check {
  return warning(code, title, "Not tried, because an earlier step failed.", "Mend the step above first.");
}

/** Renews the token although the old one may still serve: only that proves that the grant lives. */
async function probeToken(services: Services, { id }: Connection): Promise<Check> {
  try {
    await refreshTokens(services, await readLiveTokens(services.db, id));
    return ok("token", TOKEN, "The account's access was renewed just now.");
  } catch (error) {
    return troubled("token", TOKEN, id, error);
  }
}

async function probeAccount(
  services: Services,
  { id, provider: vendor }: Connection,
): Promise<{ check: Check; listed: ProviderCalendar[] | null }> {
  try {
    const provider = providerOf(services, vendor);
    const listed = await withAccess(services, id, (access) => provider.listCalendars(access));
    const detail = `The account answers; it has ${listed.length} calendar${listed.length === 1 ? "" : "s"}.`;
    return { check: ok("account", ACCOUNT, detail), listed };
  } catch (error) {
    return { check: troubled("account", ACCOUNT, id, error), listed: null };
  }
}

/** What passes by itself is a warning; what somebody must mend has failed. */
const PASSING = new Set(["transient", "rate_limited", "quota_exhausted", "malformed_response"]);

function troubled(code: string, title: string, connectionId: string, error: unknown): Check {
  const kind = error instanceof ProviderError ? error.kind : "internal";
  log.warn({ connectionId, check: code, err: describeError(error) }, "diagnosis found a fault");
  const { message, fix } = describeRunError(kind);
  return PASSING.has(kind) ? warning(code, title, message, fix) : failed(code, title, message, fix);
}

function checkScopes(capabilities: { readEvents: boolean; writeEvents: boolean } | null): Check {
  const title = "Permissions";
  if (capabilities === null) {
    const { message, fix } = describeRunError("misconfigured");
    return failed("scopes", title, message, fix);
  }
  const fix = "Reconnect the account and tick every box on the consent page.";
  if (!capabilities.readEvents)
    return failed("scopes", title, "The permission to read events is missing.", fix);
  if (!capabilities.writeEvents)
    return warning("scopes", title, "Events can be read, but bookings cannot be written.", fix);
  return ok("scopes", title, "Events can be read and bookings can be written.");
}

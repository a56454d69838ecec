import { withTransaction } from "@/db/transaction";
import { openAttempt } from "@/lib/connections/attempt-secrets";
import { type AttemptRow, endAttempt } from "@/lib/connections/attempts";
import { callbackAddress } from "@/lib/connections/begin-connect";
import { discardGrant } from "@/lib/connections/discard-grant";
import { ConnectEnded, type Ending, endingOf, type Outcome } from "@/lib/connections/outcome";
import { INTEGRATIONS_PATH } from "@/lib/connections/return-path";
import type { Services } from "@/lib/connections/services";
import { storeGrant } from "@/lib/connections/store-grant";
import { type Bearer, takeAttempt } from "@/lib/connections/take-attempt";
import { recordAudit } from "@/lib/organizations/audit";
import type { Ctx } from "@/lib/organizations/context";
import { policyFor } from "@/lib/organizations/policies";
import { AppError } from "@/lib/platform/errors";
import { describeError, log } from "@/lib/platform/log";
import type { CalendarProvider, Grant, ProviderCalendar, Vendor } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";

interface ConnectCallback {
  vendor: Vendor;
  /** As the browser brought it, with its query. */
  url: URL;
  /** Null when nobody is signed in. */
  bearer: Bearer | null;
}

/** How it ended, and where the browser goes now. */
interface ConnectFinished {
  outcome: Outcome;
  errorCode: string | null;
  attemptId: string | null;
  mode: "popup" | "tab";
  returnTo: string;
  /** What it made or renewed, or was to renew. */
  connectionId: string | null;
}

/** The vendor sent the browser back. Every ending is decided here, and written down before anybody hears of it. */
export async function finishConnect(services: Services, callback: ConnectCallback): Promise<ConnectFinished> {
  const provider = services.providers.find(callback.vendor);
  if (provider === null) throw new AppError("provider_not_configured", "This provider is not set up here.");
  const state = callback.url.searchParams.get("state");
  const taken = await takeAttempt(services, { vendor: callback.vendor, state, bearer: callback.bearer });
  if (taken.status === "refused") return finished(taken.attempt, taken.ending);
  const { attempt, ctx } = taken;
  try {
    const { connectionId, outcome } = await connect(services, ctx, { provider, attempt, url: callback.url });
    return { ...finished(attempt, { outcome, errorCode: null }), connectionId };
  } catch (error) {
    const ending = endingOf(error);
    log.warn({ attemptId: attempt.id, ...ending, err: describeError(error) }, "connect ended");
    await writeRefusal(services, ctx, attempt, ending);
    return finished(attempt, ending);
  }
}

function finished(attempt: AttemptRow | null, ending: Ending): ConnectFinished {
  return {
    ...ending,
    attemptId: attempt?.id ?? null,
    mode: attempt?.mode ?? "tab",
    returnTo: attempt?.returnTo ?? INTEGRATIONS_PATH,
    connectionId: attempt?.connectionId ?? null,
  };
}

interface Step {
  provider: CalendarProvider;
  attempt: AttemptRow;
  url: URL;
}

async function connect(services: Services, ctx: Ctx, { provider, attempt, url }: Step) {
  if (attempt.secrets === null) throw new ConnectEnded("expired", "too_late");
  const grant = await provider.oauth.exchange({
    callbackUrl: url,
    redirectUri: callbackAddress(services.appOrigin, provider.vendor),
    state: url.searchParams.get("state") ?? "",
    ...openAttempt(attempt.id, attempt.secrets, services.masterKeys),
  });
  try {
    const policy = await policyFor(services.db, ctx.organizationId, provider.vendor);
    if (!policy.allowed) throw new ConnectEnded("policy", "policy_changed");
    const capabilities = provider.oauth.capabilities(grant.scopes);
    if (!capabilities.readEvents) throw new ConnectEnded("missing_scope", "read");
    const listed = await listCalendars(provider, grant, ctx.userId);
    return await storeGrant(services, ctx, { attempt, vendor: provider.vendor, grant, capabilities, listed });
  } catch (error) {
    await discardGrant(services, provider, grant);
    throw error;
  }
}

async function listCalendars(
  provider: CalendarProvider,
  { accessToken }: Grant,
  person: string,
): Promise<ProviderCalendar[]> {
  try {
    return await provider.listCalendars({ accessToken, person });
  } catch (error) {
    // Here it was not the person who refused: their organization closed the calendar to us.
    const forbidden = error instanceof ProviderError && error.kind === "permission_denied";
    throw forbidden ? new ConnectEnded("admin_approval", error.detail, { cause: error }) : error;
  }
}

/** Refusals that an organization's administrator may want to see. */
const AUDITED: ReadonlySet<Outcome> = new Set([
  "policy",
  "already_linked",
  "wrong_account",
  "admin_approval",
]);

async function writeRefusal(services: Services, ctx: Ctx, attempt: AttemptRow, ending: Ending) {
  await withTransaction(services.db, async (tx) => {
    await endAttempt(tx, attempt.id, ending, services.clock.now());
    if (!AUDITED.has(ending.outcome)) return;
    await recordAudit(tx, ctx, {
      action: "connection.refused",
      subject: { type: "provider", id: attempt.provider },
      details: { reason: ending.outcome, code: ending.errorCode },
    });
  });
}

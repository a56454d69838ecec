import type { Clock } from "../core/clock";
import type { ArmedFault } from "../core/faults";
import { authError, googleError, insufficientScope } from "./errors";
import { clientNotFound, invalidGrant, oauthError, policyEnforced } from "./oauth/errors";

/** 403 (or 429) for too many calls, with the reasons Google uses. */
export function rateLimited(status: number, reason: string, retryAfter: string | undefined): Response {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  const message = RATE_MESSAGES[reason] ?? "Rate Limit Exceeded";
  return googleError({ status, reason, message, domain: "usageLimits", headers });
}

const RATE_MESSAGES: Record<string, string> = {
  userRateLimitExceeded: "User Rate Limit Exceeded",
  quotaExceeded: "Calendar usage limits exceeded.",
  dailyLimitExceeded: "Daily Limit Exceeded",
};

/** What an armed fault answers; undefined for kinds that only disturb the transport. */
export function faultResponse(clock: Clock, fault: ArmedFault, operation: string): Response | undefined {
  const now = clock.now();
  const retryAfter = spelled(now, fault.retryAfter);
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  const answer =
    oauthFault(fault) ??
    (operation.startsWith("oauth.") ? tokenEndpointFault(fault, headers) : undefined) ??
    apiFault(fault, retryAfter, headers);
  // A wait until a date is measured against the answer's own time, so both must come from one look at the clock.
  answer?.headers.set("date", now.toUTCString());
  return answer;
}

function spelled(now: Date, retryAfter: number | string | undefined): string | undefined {
  if (typeof retryAfter !== "string" || !retryAfter.startsWith("date:")) return retryAfter?.toString();
  return new Date(now.getTime() + Number(retryAfter.slice(5)) * 1_000).toUTCString();
}

function oauthFault({ kind }: ArmedFault): Response | undefined {
  if (kind === "invalid_grant") return invalidGrant("Token has been expired or revoked.");
  if (kind === "admin_policy") return policyEnforced();
  return kind === "invalid_client" ? clientNotFound() : undefined;
}

function tokenEndpointFault({ kind }: ArmedFault, headers: Record<string, string>): Response | undefined {
  if (kind === "unavailable")
    return oauthError(503, "temporarily_unavailable", "The service is unavailable.", headers);
  if (kind === "too_many_requests")
    return oauthError(429, "rate_limit_exceeded", "Rate limit exceeded.", headers);
  return kind === "internal_error"
    ? oauthError(500, "internal_failure", "Internal error.", headers)
    : undefined;
}

function apiFault(
  fault: ArmedFault,
  retryAfter: string | undefined,
  headers: Record<string, string>,
): Response | undefined {
  switch (fault.kind) {
    case "auth_error":
      return authError();
    case "insufficient_permissions":
      return insufficientScope();
    case "rate_limit_exceeded":
      return rateLimited(403, "rateLimitExceeded", retryAfter);
    case "user_rate_limit_exceeded":
      return rateLimited(403, "userRateLimitExceeded", retryAfter);
    case "quota_exceeded":
      return rateLimited(403, "quotaExceeded", retryAfter);
    case "daily_limit_exceeded":
      return rateLimited(403, "dailyLimitExceeded", retryAfter);
    case "too_many_requests":
      return rateLimited(429, "rateLimitExceeded", retryAfter);
    default:
      return itemFault(fault, headers);
  }
}

function itemFault({ kind }: ArmedFault, headers: Record<string, string>): Response | undefined {
  switch (kind) {
    case "not_found":
      return googleError({ status: 404, reason: "notFound", message: "Not Found" });
    case "gone":
      return googleError({ status: 410, reason: "deleted", message: "Resource has been deleted" });
    case "precondition_failed":
      return googleError({ status: 412, reason: "conditionNotMet", message: "Precondition Failed" });
    case "internal_error":
      return googleError({ status: 500, reason: "backendError", message: "Backend Error", headers });
    case "unavailable":
      return googleError({ status: 503, reason: "backendError", message: "Backend Error", headers });
    case "bad_gateway":
      return new Response(BAD_GATEWAY, {
        status: 502,
        headers: { "content-type": "text/html; charset=UTF-8", ...headers },
      });
    default:
      return undefined;
  }
}

const BAD_GATEWAY = `<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Error 502 (Server Error)!!1</title>
<p><b>502.</b> <ins>That’s an error.</ins>
<p>The server encountered a temporary error and could not complete your request.
<p>Please try again in 30 seconds.</html>
`;

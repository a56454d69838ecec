import { OutboundError } from "@/lib/platform/http";
import { HELD_BACK, ProviderError, type ProviderErrorKind } from "@/lib/providers/provider-error";

/**
 * Google's answers in our words: the only file that knows Google's statuses and reasons.
 * https://developers.google.com/workspace/calendar/api/guides/errors
 */
interface ApiFailure {
  status: number;
  reason: string | null;
  retryAfterMs: number | null;
}

const REASONS_403: Record<string, ProviderErrorKind> = {
  rateLimitExceeded: "rate_limited",
  userRateLimitExceeded: "rate_limited",
  quotaExceeded: "quota_exhausted",
  calendarUsageLimitsExceeded: "quota_exhausted",
  dailyLimitExceeded: "quota_exhausted",
  insufficientPermissions: "scope_missing",
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: "scope_missing",
  notACalendarUser: "no_calendar_account",
  accessNotConfigured: "misconfigured",
  SERVICE_DISABLED: "misconfigured",
  forbiddenForNonOrganizer: "permission_denied",
  requiredAccessLevel: "permission_denied",
  forbidden: "permission_denied",
  domainPolicy: "admin_policy",
};

/**
 * What was asked. A 410 is a lost cursor of a list, else a deleted item. A 412 answers the condition of a
 * `conditional` call; Google sends one now and then to calls that set none, and that passes by itself.
 */
export type GoogleCall = "list" | "item" | "conditional";

export function googleApiError(error: unknown, call: GoogleCall): ProviderError {
  if (error instanceof ProviderError) return error;
  const failure = readFailure(error);
  if (failure === null) return withoutAnswer(error);
  const options = {
    retryAfterMs: failure.retryAfterMs,
    detail: failure.reason ?? String(failure.status),
    cause: error,
  };
  return new ProviderError(kindOf(failure, call), options);
}

/** Nothing came back, or our own door kept the request: then it says when there is room. */
function withoutAnswer(error: unknown): ProviderError {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (!(at instanceof OutboundError) || at.fault !== "held_back") continue;
    return new ProviderError("rate_limited", {
      retryAfterMs: at.retryAfterMs,
      detail: HELD_BACK,
      cause: error,
    });
  }
  return new ProviderError("transient", { cause: error });
}

const LIMITS: ReadonlySet<ProviderErrorKind> = new Set(["rate_limited", "quota_exhausted"]);

/** Whether an answer is one of Google's limits: a 403 is one only by its reason. */
export function isGoogleLimit({ status, body }: { status: number; body: string }): boolean {
  if (status !== 403) return status === 429;
  const kind = REASONS_403[readReason(body) ?? ""];
  return kind !== undefined && LIMITS.has(kind);
}

/** Reasons that say more than their status: a 401 about our address is not about the token. */
const REASONS_OF_WATCHES: Record<string, ProviderErrorKind> = {
  pushNotSupportedForRequestedResource: "not_supported",
  channelIdNotUnique: "duplicate",
  "push.webhookUrlNotHttps": "misconfigured",
  "push.webhookUrlUnauthorized": "misconfigured",
  webhookUrlNotHttps: "misconfigured",
  webhookUrlUnauthorized: "misconfigured",
};

const STATUSES: Record<number, ProviderErrorKind> = {
  400: "invalid_request",
  401: "access_token_rejected",
  403: "permission_denied",
  404: "not_found",
  408: "transient",
  409: "duplicate",
  412: "precondition_failed",
  429: "rate_limited",
};

function kindOf({ status, reason, retryAfterMs }: ApiFailure, call: GoogleCall): ProviderErrorKind {
  if (status === 410) return call === "list" ? "gone_cursor" : "gone";
  if (status === 412 && call !== "conditional") return "transient";
  const aboutWatch = status < 500 && reason !== null ? REASONS_OF_WATCHES[reason] : undefined;
  if (aboutWatch !== undefined) return aboutWatch;
  const named = status === 403 && reason !== null ? REASONS_403[reason] : undefined;
  const known = named ?? STATUSES[status];
  if (known !== undefined) return known;
  if (status < 500) return "malformed_response";
  // A fault that names a time is a wish to be left alone until then, also by people who press a button.
  return retryAfterMs === null ? "transient" : "rate_limited";
}

/** A gaxios error by shape, because two copies of the library may be installed and `instanceof` would lie. */
function readFailure(error: unknown): ApiFailure | null {
  if (error instanceof OutboundError || !(error instanceof Error)) return null;
  const response = (error as { response?: unknown }).response;
  if (response === null || typeof response !== "object") return null;
  const { status, data, headers } = response as { status?: unknown; data?: unknown; headers?: unknown };
  if (typeof status !== "number" || status < 400) return null;
  return { status, reason: readReason(data), retryAfterMs: readRetryAfter(headers) };
}

interface ErrorBody {
  error?: {
    errors?: { reason?: unknown }[];
    details?: { reason?: unknown }[];
  };
}

function readReason(data: unknown): string | null {
  const body = parseBody(data);
  const reason = body?.error?.errors?.[0]?.reason ?? body?.error?.details?.[0]?.reason;
  return typeof reason === "string" ? reason : null;
}

function parseBody(data: unknown): ErrorBody | null {
  if (data !== null && typeof data === "object") return data as ErrorBody;
  if (typeof data !== "string") return null;
  try {
    const parsed: unknown = JSON.parse(data);
    return parsed !== null && typeof parsed === "object" ? (parsed as ErrorBody) : null;
  } catch {
    return null; // An HTML error page of a proxy: the status alone speaks.
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). A date is measured against the answer's own `Date`. */
function readRetryAfter(headers: unknown): number | null {
  if (!(headers instanceof Headers)) return null;
  const value = headers.get("retry-after");
  if (value === null) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  const sent = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(until) || Number.isNaN(sent) ? null : Math.max(0, until - sent);
}

const OAUTH_ERRORS: Record<string, ProviderErrorKind> = {
  invalid_grant: "reauthorization_required",
  admin_policy_enforced: "admin_policy",
  access_denied: "reauthorization_required",
  invalid_client: "misconfigured",
  unauthorized_client: "misconfigured",
  redirect_uri_mismatch: "misconfigured",
  invalid_request: "misconfigured",
  unsupported_grant_type: "misconfigured",
  invalid_token: "gone",
};

/** The token endpoint's answers. A 5xx or a lost answer is transient: the grant may be perfectly alive. */
export function googleOAuthError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const { error: code, code: fault } = error as { error?: unknown; code?: unknown };
  const status = readOAuthStatus(error);
  if (status !== null && (status >= 500 || status === 429)) {
    return new ProviderError("transient", { detail: String(status), cause: error });
  }
  if (typeof code === "string") {
    return new ProviderError(OAUTH_ERRORS[code] ?? "malformed_response", {
      detail: code.slice(0, 60),
      cause: error,
    });
  }
  if (status === 401) return new ProviderError("misconfigured", { detail: "401", cause: error });
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof OutboundError) {
      return new ProviderError("transient", { detail: at.fault, cause: error });
    }
  }
  const kind = isFailedCheck(fault, status) ? "precondition_failed" : "malformed_response";
  return new ProviderError(kind, { detail: typeof fault === "string" ? fault : null, cause: error });
}

const CALLBACK_ERRORS: Record<string, ProviderErrorKind> = {
  access_denied: "permission_denied",
  admin_policy_enforced: "admin_policy",
  org_internal: "admin_policy",
  server_error: "transient",
  temporarily_unavailable: "transient",
};

/** The `error` of a callback address: it says what happened on the consent page, not at the token endpoint. */
export function googleCallbackError(code: string): ProviderError {
  return new ProviderError(CALLBACK_ERRORS[code] ?? "misconfigured", { detail: code.slice(0, 60) });
}

/** openid-client hides an unexpected answer in `cause`, as the response itself. */
function readOAuthStatus(error: unknown): number | null {
  const { status, cause } = error as { status?: unknown; cause?: unknown };
  if (typeof status === "number") return status;
  return cause instanceof Response ? cause.status : null;
}

/** The answer arrived whole and says something else than we asked for: state, issuer, nonce, audience, signature. */
function isFailedCheck(fault: unknown, status: number | null): boolean {
  return typeof fault === "string" && FAILED_CHECKS.has(fault) && status === null;
}

const FAILED_CHECKS = new Set([
  "OAUTH_INVALID_RESPONSE",
  "OAUTH_JWT_CLAIM_COMPARISON_FAILED",
  "OAUTH_JWT_TIMESTAMP_CHECK_FAILED",
  "OAUTH_UNSUPPORTED_OPERATION",
  "OAUTH_KEY_SELECTION_FAILED",
]);

/** One entry of `error.errors[]` in Google's JSON error body. */
interface GoogleErrorItem {
  reason: string;
  domain?: string;
  message?: string;
  locationType?: string;
  location?: string;
}

export interface GoogleErrorOptions extends GoogleErrorItem {
  status: number;
  message: string;
  /** Canonical code such as PERMISSION_DENIED, present in newer bodies only. */
  code?: string;
  details?: unknown[];
  headers?: Record<string, string>;
}

/**
 * An error response as Google's APIs write it:
 * `{ error: { errors: [{ domain, reason, message, … }], code, message, status?, details? } }`.
 */
export function googleError(options: GoogleErrorOptions): Response {
  const { status, message, reason, domain = "global", locationType, location, code, details } = options;
  const item = {
    domain,
    reason,
    message,
    ...(locationType && { locationType }),
    ...(location && { location }),
  };
  const error = {
    errors: [item],
    code: status,
    message,
    ...(code && { status: code }),
    ...(details && { details }),
  };
  return Response.json(
    { error },
    { status, headers: { vary: "Origin, X-Origin, Referer", ...options.headers } },
  );
}

export function authError(): Response {
  return googleError({
    status: 401,
    reason: "authError",
    message: "Invalid Credentials",
    locationType: "header",
    location: "Authorization",
    headers: { "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  });
}

// The message and details of a missing scope, as a production body quoted in GeneralTask/task-manager#2160 has them.
export function insufficientScope(service = "calendar-json.googleapis.com", method = "calendar"): Response {
  const message = "Request had insufficient authentication scopes.";
  const body = {
    error: {
      code: 403,
      message,
      errors: [{ message: "Insufficient Permission", domain: "global", reason: "insufficientPermissions" }],
      status: "PERMISSION_DENIED",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.ErrorInfo",
          reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
          domain: "googleapis.com",
          metadata: { service, method },
        },
      ],
    },
  };
  const challenge = 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"';
  return Response.json(body, { status: 403, headers: { "www-authenticate": challenge } });
}

/** What went wrong at a vendor, in our words. A status becomes a kind in exactly one file per vendor. */
export type ProviderErrorKind =
  | "reauthorization_required"
  | "access_token_rejected"
  | "scope_missing"
  | "permission_denied"
  | "admin_policy"
  | "no_calendar_account"
  | "not_found"
  | "gone_cursor"
  | "gone"
  | "duplicate"
  | "precondition_failed"
  | "invalid_request"
  | "rate_limited"
  | "quota_exhausted"
  | "not_supported"
  | "misconfigured"
  | "transient"
  | "malformed_response";

/** The `detail` of a request that our own door kept back: the vendor was not asked and said nothing. */
export const HELD_BACK = "held_back";

/** Thrown by adapters alone. `retryAfterMs` is the vendor's own word; `detail` is its code, never its text. */
export class ProviderError extends Error {
  readonly kind: ProviderErrorKind;
  readonly retryAfterMs: number | null;
  readonly detail: string | null;

  constructor(
    kind: ProviderErrorKind,
    options: { retryAfterMs?: number | null; detail?: string | null; cause?: unknown } = {},
  ) {
    super(`provider: ${kind}${options.detail ? ` (${options.detail})` : ""}`, { cause: options.cause });
    this.name = "ProviderError";
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.detail = options.detail ?? null;
  }

  /** By name: bundlers copy this class, and the providers made at start throw another copy than a route knows. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "ProviderError";
  }
}

/** The minute had no room, so nobody failed: it is asked again when there is. */
export function isHeldBack(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.kind === "rate_limited" && error.detail === HELD_BACK;
}

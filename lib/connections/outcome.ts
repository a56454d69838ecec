import type { OUTCOMES } from "@/db/schema/connections";
import { OutboundError } from "@/lib/platform/http";
import { ProviderError, type ProviderErrorKind } from "@/lib/providers/provider-error";

/** How a try to connect ends; the words stand in addresses and in the API. */
export type Outcome = (typeof OUTCOMES)[number];

/** An ending, with a code for support and diagnostics: ours or the vendor's, never a vendor's sentence. */
export interface Ending {
  outcome: Outcome;
  errorCode: string | null;
}

/** A step of connecting that ends it. Carries the ending to the one place that writes it down. */
export class ConnectEnded extends Error {
  readonly ending: Ending;

  constructor(outcome: Outcome, errorCode: string | null = null, options?: { cause?: unknown }) {
    super(`connecting ended: ${outcome}${errorCode === null ? "" : ` (${errorCode})`}`, options);
    this.name = "ConnectEnded";
    this.ending = { outcome, errorCode };
  }
}

const OUTCOME_OF: Record<ProviderErrorKind, Outcome> = {
  // From the consent page: the person said no.
  permission_denied: "denied",
  admin_policy: "admin_approval",
  // The code was redeemed before or is too old; another try mends it.
  reauthorization_required: "expired",
  // State, issuer, nonce, audience or signature is not what this attempt asked for.
  precondition_failed: "state_mismatch",
  scope_missing: "missing_scope",
  // The account itself cannot serve; another one can.
  no_calendar_account: "wrong_account",
  misconfigured: "misconfigured",
  invalid_request: "misconfigured",
  not_supported: "misconfigured",
  access_token_rejected: "misconfigured",
  transient: "provider_down",
  rate_limited: "provider_down",
  quota_exhausted: "provider_down",
  malformed_response: "provider_down",
  not_found: "provider_down",
  gone_cursor: "provider_down",
  gone: "provider_down",
  duplicate: "provider_down",
};

/** What went wrong on the way, as an ending. Anything unforeseen is ours, not the person's. */
export function endingOf(error: unknown): Ending {
  if (error instanceof ConnectEnded) return error.ending;
  if (error instanceof ProviderError) {
    const errorCode = error.kind === "no_calendar_account" ? error.kind : (error.detail ?? error.kind);
    return { outcome: OUTCOME_OF[error.kind], errorCode: printable(errorCode) };
  }
  if (error instanceof OutboundError) return { outcome: "provider_down", errorCode: error.fault };
  return { outcome: "misconfigured", errorCode: "internal" };
}

function printable(code: string): string {
  return code.replace(/[^\w.-]/g, "").slice(0, 60);
}

/** How a sign-in can fail, for the sign-in page (`/sign-in?error=CODE`) to say in words. */
const SIGN_IN_ERRORS = [
  "denied",
  "expired",
  "provider_down",
  "misconfigured",
  "signup_closed",
  "disabled",
  "rate_limited",
  "failed",
] as const;

export type SignInError = (typeof SIGN_IN_ERRORS)[number];

export function isSignInError(value: unknown): value is SignInError {
  return SIGN_IN_ERRORS.some((code) => code === value);
}

const BY_KIND: Readonly<Record<string, SignInError>> = {
  transient: "provider_down",
  rate_limited: "provider_down",
  misconfigured: "misconfigured",
  reauthorization_required: "expired",
};

/** What the exchange with the vendor failed of. Anything unproven (state, nonce, signature) is just "failed". */
export function signInErrorOf(error: unknown): SignInError {
  const kind = error instanceof Error && "kind" in error ? String(error.kind) : "";
  return BY_KIND[kind] ?? "failed";
}

/** What the vendor told the browser (RFC 6749, 4.1.2.1). */
export function signInErrorOfCallback(code: string): SignInError {
  if (code === "access_denied") return "denied";
  return code === "server_error" || code === "temporarily_unavailable" ? "provider_down" : "failed";
}

export function signInPath(parameters: { error?: SignInError; returnTo?: string }): string {
  const query = new URLSearchParams(parameters);
  return query.size === 0 ? "/sign-in" : `/sign-in?${query}`;
}

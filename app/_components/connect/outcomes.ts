/** How a consent can end. The words are part of the public contract: they stand in addresses and in `data-outcome`. */
export const OUTCOMES = [
  "connected",
  "limited",
  "missing_scope",
  "denied",
  "closed",
  "expired",
  "state_mismatch",
  "wrong_account",
  "already_linked",
  "admin_approval",
  "policy",
  "provider_down",
  "misconfigured",
] as const;

export type Outcome = (typeof OUTCOMES)[number];

export const FINISHED_PATH = "/connect/finished";

/** The proxy tells the root layout the popup's outcome through this request header; a visitor cannot set it. */
export const OUTCOME_HEADER = "x-connect-outcome";

/** Between the popup's last page and the page that opened it; the attempt's row stays the truth. */
export const CONNECT_CHANNEL = "entente-connect";

export interface ConnectMessage {
  attemptId: string;
  outcome: Outcome;
}

export function isOutcome(value: unknown): value is Outcome {
  return OUTCOMES.some((outcome) => outcome === value);
}

/** The popup's last page, which tells the page that opened it. */
export function finishedHref(end: { outcome: Outcome; provider: string; attemptId: string | null }): string {
  const query = new URLSearchParams({ outcome: end.outcome, provider: end.provider });
  if (end.attemptId !== null) query.set("attempt", end.attemptId);
  return `${FINISHED_PATH}?${query}`;
}

/** The outcome an address of the popup's last page carries, else null. */
export function outcomeOf(url: URL): Outcome | null {
  const outcome = url.pathname === FINISHED_PATH ? url.searchParams.get("outcome") : null;
  return isOutcome(outcome) ? outcome : null;
}

import type { ProviderName } from "@/app/_components/provider-name";

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

/** Closer causes that have words of their own, as an address may name them beside the outcome. */
const REASONS = ["no_calendar_account", "too_many", "connection_unknown"] as const;

export function isOutcomeReason(value: unknown): value is (typeof REASONS)[number] {
  return REASONS.some((reason) => reason === value);
}

/** Endings that the same person trying again does not change. */
const FINAL: ReadonlySet<Outcome> = new Set(["connected", "policy", "misconfigured"]);

export function canTryAgain(outcome: Outcome): boolean {
  return !FINAL.has(outcome);
}

export const FINISHED_PATH = "/connect/finished";

/** The proxy tells the root layout the popup's outcome through this request header; a visitor cannot set it. */
export const OUTCOME_HEADER = "x-connect-outcome";

/** Between the popup's last page and the page that opened it; the attempt's row stays the truth. */
export const CONNECT_CHANNEL = "entente-connect";

export interface ConnectMessage extends Ended {
  attemptId: string;
}

/** How a consent ended, and what trying again would be about. */
interface Ended {
  outcome: Outcome;
  provider: ProviderName;
  /** The connection that was to be renewed. */
  integrationId?: string | undefined;
}

/** The page that says so. */
export function endedHref({ outcome, provider, integrationId }: Ended): string {
  const query = new URLSearchParams({ connect: outcome, provider });
  if (integrationId !== undefined && canTryAgain(outcome)) query.set("integrationId", integrationId);
  return `/integrations?${query}`;
}

export function isOutcome(value: unknown): value is Outcome {
  return OUTCOMES.some((outcome) => outcome === value);
}

/** The outcome an address of the popup's last page carries, else null. */
export function outcomeOf(url: URL): Outcome | null {
  const outcome = url.pathname === FINISHED_PATH ? url.searchParams.get("outcome") : null;
  return isOutcome(outcome) ? outcome : null;
}

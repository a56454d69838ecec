import {
  canTryAgain,
  FINISHED_PATH,
  isOutcomeReason,
  type Outcome,
} from "@/app/_components/connect/outcomes";
import type { VendorName } from "@/app/api/integrations/browser-answers";
import { withOutcome } from "@/lib/connections/return-path";
import type { AppError } from "@/lib/platform/errors";

interface EndOfConsent {
  outcome: Outcome;
  errorCode: string | null;
  attemptId: string | null;
  mode: "popup" | "tab";
  returnTo: string;
  vendor: VendorName;
  /** The connection that trying again is about; null for a new one. */
  integrationId: string | null;
}

/** Where a consent ends: in the tab it began in, or on the popup's last page. Carries words, never codes of a vendor. */
export function endOfConsent(appOrigin: string, end: EndOfConsent): string {
  const { outcome, attemptId, vendor, integrationId } = end;
  const words: Record<string, string> = {};
  // Pages read Google where no vendor is named.
  if (vendor !== "google") words.provider = vendor;
  if (isOutcomeReason(end.errorCode)) words.reason = end.errorCode;
  if (integrationId !== null && canTryAgain(outcome)) words.integrationId = integrationId;
  if (end.mode === "tab") return appOrigin + withOutcome(end.returnTo, { connect: outcome, ...words });
  if (attemptId !== null) words.attempt = attemptId;
  return appOrigin + withOutcome(FINISHED_PATH, { outcome, ...words });
}

/** How a request ends that was refused before there was anything to ask the vendor. Null: there are no words for it. */
export function endOfRefusal({ code }: AppError): Pick<EndOfConsent, "outcome" | "errorCode"> | null {
  if (code === "blocked_by_policy") return { outcome: "policy", errorCode: null };
  if (code === "provider_not_configured") return { outcome: "misconfigured", errorCode: null };
  if (code === "rate_limited") return { outcome: "closed", errorCode: "too_many" };
  if (code === "not_found") return { outcome: "closed", errorCode: "connection_unknown" };
  return null;
}

import { FINISHED_PATH, type Outcome } from "@/app/_components/connect/outcomes";
import type { VendorName } from "@/app/api/integrations/browser-answers";
import { withOutcome } from "@/lib/connections/return-path";

interface EndOfConsent {
  outcome: Outcome;
  errorCode: string | null;
  attemptId: string | null;
  mode: "popup" | "tab";
  returnTo: string;
  vendor: VendorName;
}

/** Where a consent ends: in the tab it began in, or on the popup's last page. Carries words, never codes of a vendor. */
export function endOfConsent(appOrigin: string, end: EndOfConsent): string {
  const { outcome, attemptId, vendor } = end;
  const words: Record<string, string> = {};
  // Pages read Google where no vendor is named.
  if (vendor !== "google") words.provider = vendor;
  if (end.errorCode === "no_calendar_account") words.reason = end.errorCode;
  if (end.mode === "tab") return appOrigin + withOutcome(end.returnTo, { connect: outcome, ...words });
  if (attemptId !== null) words.attempt = attemptId;
  return appOrigin + withOutcome(FINISHED_PATH, { outcome, ...words });
}

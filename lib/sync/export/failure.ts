import type { FailureClass } from "@/lib/calendar/export-schedule";
import type { ProviderErrorKind } from "@/lib/providers/provider-error";

/** A go that did not end, as it is stored with its event. */
export interface ExportFailure {
  code: ProviderErrorKind | "internal";
  class: FailureClass;
  retryAt: Date;
}

const LASTING: ReadonlySet<ProviderErrorKind> = new Set([
  "permission_denied",
  "scope_missing",
  "admin_policy",
  "no_calendar_account",
  "not_found",
  "not_supported",
  "invalid_request",
]);

export function classOf(kind: ProviderErrorKind | "internal"): FailureClass {
  if (kind === "rate_limited") return "rate";
  if (kind === "quota_exhausted") return "quota";
  return kind !== "internal" && LASTING.has(kind) ? "lasting" : "soon";
}

/** What keeps a test from going through, as a person would say it. */
export type ProbeProblem =
  | "reconnect"
  | "permission"
  | "gone"
  | "slow_down"
  | "quota"
  | "policy"
  | "setup"
  | "not_read"
  | "other";

const PROBLEMS: Partial<Record<string, ProbeProblem>> = {
  reauthorization_required: "reconnect",
  access_token_rejected: "reconnect",
  permission_denied: "permission",
  scope_missing: "permission",
  admin_policy: "permission",
  not_found: "gone",
  rate_limited: "slow_down",
  quota_exhausted: "quota",
  blocked_by_policy: "policy",
  misconfigured: "setup",
  not_read: "not_read",
};

export function probeProblemOf(code: string): ProbeProblem {
  return PROBLEMS[code] ?? "other";
}

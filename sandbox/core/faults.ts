import { createHash } from "node:crypto";
import type { Caller } from "./caller";

export const FAULT_KINDS = {
  auth_error: "401 authError",
  insufficient_permissions: "403 insufficientPermissions, missing scope",
  rate_limit_exceeded: "403 rateLimitExceeded",
  user_rate_limit_exceeded: "403 userRateLimitExceeded",
  quota_exceeded: "403 quotaExceeded",
  daily_limit_exceeded: "403 dailyLimitExceeded",
  too_many_requests: "429 rateLimitExceeded",
  not_found: "404 notFound",
  gone: "410 gone",
  precondition_failed: "412 conditionNotMet",
  internal_error: "500 backendError",
  bad_gateway: "502 with an HTML body",
  unavailable: "503 backendError",
  invalid_grant: "400 invalid_grant (token endpoint)",
  admin_policy: "400 admin_policy_enforced (token endpoint)",
  invalid_client: "401 invalid_client (token endpoint)",
  reset_before: "connection reset, nothing done",
  reset_after: "connection reset after the work was done",
  error_after: "500 after the work was done",
  slow: "answers after delayMs",
  never: "never answers",
  truncated_json: "the answer stops halfway",
  html_ok: "200 with an HTML page instead of JSON",
  recipient_refused: "550 no such mailbox (smtp.recipient)",
  greylisted: "451 try again later (smtp.recipient, smtp.data)",
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

export interface FaultOrder {
  /** Operation name, `*` matches anything: `calendar.events.list`, `calendar.*`, `*`. */
  operation: string;
  kind: FaultKind;
  /** E-mail of the account; absent: everybody. */
  account?: string;
  /** Strikes first on the nth matching call from now; default 1. */
  onCall?: number;
  /** How many calls it strikes; default 1, 0 = until cleared. */
  count?: number;
  /** Seconds, or `date:60` for the HTTP-date spelling of now + 60 s. */
  retryAfter?: number | string;
  /** For `slow`. */
  delayMs?: number;
  /** For `slow`, within one process: it answers when this has happened, instead of after a time. */
  until?: Promise<unknown>;
  /** Strikes so many of a hundred matching calls, drawn from `seed`; default 100. */
  percentage?: number;
  /** Of the draws: the same seed strikes the same calls. Default 1. */
  seed?: number;
}

export interface ArmedFault extends FaultOrder {
  id: string;
  /** Matching calls seen since it was armed. */
  calls: number;
  /** Calls it struck. */
  struck: number;
}

export interface Faults {
  arm(order: FaultOrder): ArmedFault;
  disarm(id?: string): void;
  list(): ArmedFault[];
  /** The fault that strikes this call; counts the call for every armed fault that matches. */
  strike(operation: string, caller: Caller | undefined): ArmedFault | undefined;
}

/** Armed faults are deliberately forgotten at a restart. */
export function createFaults(): Faults {
  let armed: ArmedFault[] = [];
  let sequence = 0;
  return {
    arm(order) {
      sequence += 1;
      const fault = { ...order, id: `f${sequence}`, calls: 0, struck: 0 };
      armed.push(fault);
      return fault;
    },
    disarm(id) {
      armed = id === undefined ? [] : armed.filter((fault) => fault.id !== id);
    },
    list: () => [...armed],
    strike(operation, caller) {
      if (armed.length === 0) return undefined;
      const striking = armed.filter((fault) => matches(fault, operation, caller)).filter(countCall)[0];
      if (striking === undefined) return undefined;
      striking.struck += 1;
      const limit = striking.count ?? 1;
      if (limit > 0 && striking.struck >= limit) armed = armed.filter((fault) => fault !== striking);
      return striking;
    },
  };
}

function matches(fault: FaultOrder, operation: string, caller: Caller | undefined): boolean {
  if (fault.account !== undefined && fault.account !== caller?.account) return false;
  return matchesOperation(fault.operation, operation);
}

/** True for the operation itself, for what lies below it (`oauth.token` covers `oauth.token.refresh`), and by `*`. */
export function matchesOperation(pattern: string, operation: string): boolean {
  if (!pattern.includes("*")) return operation === pattern || operation.startsWith(`${pattern}.`);
  const [head = "", ...rest] = pattern.split("*");
  if (!operation.startsWith(head)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = part === "" ? operation.length : operation.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at === operation.length;
}

function countCall(fault: ArmedFault): boolean {
  fault.calls += 1;
  return fault.calls >= (fault.onCall ?? 1) && isDrawn(fault);
}

function isDrawn({ percentage, seed = 1, calls, operation, kind }: ArmedFault): boolean {
  if (percentage === undefined) return true;
  const text = `${seed}/${operation}/${kind}/${calls}`;
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32 < percentage / 100;
}

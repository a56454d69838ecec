import type { Core, VendorHooks } from "../core/context";
import { createMinuteQuota } from "../core/quotas";
import { rateLimited } from "./fault-responses";

const API_OPERATION = /^(calendar|people)\./;

/**
 * Calls per minute and project, and per minute, project and user.
 * Figures: developers.google.com/workspace/calendar/api/guides/quota (projects made since 2026-05-01).
 */
export function createQuota({ clock, switches }: Core): VendorHooks["overQuota"] {
  const perProject = switches.define("google.quota.perProject", 10_000, "Calls per minute of one client");
  const perUser = switches.define(
    "google.quota.perUser",
    600,
    "Calls per minute of one account through one client",
  );
  const status = switches.define("google.quota.status", "403", "Status of a call over quota", ["403", "429"]);
  const retryAfter = switches.define(
    "google.quota.retryAfter",
    0,
    "Retry-After of a call over quota, in seconds; 0 sends none",
  );
  const calls = createMinuteQuota(clock);
  clock.onJump(() => calls.reset());
  return (operation, caller) => {
    if (caller === undefined || !API_OPERATION.test(operation)) return undefined;
    const refuse = (reason: string) =>
      rateLimited(Number(status()), reason, retryAfter() > 0 ? String(retryAfter()) : undefined);
    if (!calls.take(`${caller.clientId} ${caller.account}`, perUser()))
      return refuse("userRateLimitExceeded");
    if (!calls.take(caller.clientId, perProject())) return refuse("rateLimitExceeded");
    return undefined;
  };
}

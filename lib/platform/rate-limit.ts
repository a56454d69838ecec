/** So many requests in a window that starts at a whole multiple of its length. */
export interface RateRule {
  limit: number;
  windowSeconds: number;
}

/**
 * What is limited, and how far without configuration. `docs/admin/limits.md` explains each to operators. The last two
 * are Google's own quotas, of projects made since May 2026, which we stay below:
 * https://developers.google.com/workspace/calendar/api/guides/quota
 */
export const RATE_DEFAULTS = {
  signIn: { limit: 30, windowSeconds: 60 },
  apiRefused: { limit: 60, windowSeconds: 60 },
  api: { limit: 1200, windowSeconds: 60 },
  connect: { limit: 30, windowSeconds: 600 },
  sync: { limit: 30, windowSeconds: 60 },
  webhookRefused: { limit: 60, windowSeconds: 60 },
  publicBooking: { limit: 30, windowSeconds: 600 },
  googleProject: { limit: 10_000, windowSeconds: 60 },
  googlePerson: { limit: 600, windowSeconds: 60 },
} as const satisfies Record<string, RateRule>;

export type RateName = keyof typeof RATE_DEFAULTS;
export type RateLimits = Readonly<Record<RateName, RateRule>>;

const NAMES = Object.keys(RATE_DEFAULTS) as RateName[];

/** Reads `RATE_LIMITS`: per name a number (the limit) or `{ limit, windowSeconds }`. One line per fault. */
export function parseRateLimits(text: string | undefined): { limits: RateLimits; faults: string[] } {
  const limits: Record<RateName, RateRule> = { ...RATE_DEFAULTS };
  if (text === undefined) return { limits, faults: [] };
  const given = parseObject(text);
  if (given === null) return { limits, faults: ["RATE_LIMITS must be a JSON object"] };
  const faults: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const known = NAMES.find((candidate) => candidate === name);
    const rule = known === undefined ? null : readRule(value, RATE_DEFAULTS[known]);
    if (known === undefined) faults.push(`RATE_LIMITS names an unknown limit: ${name} (${NAMES.join(", ")})`);
    else if (rule === null)
      faults.push(`RATE_LIMITS.${name} must be a positive number or { limit, windowSeconds }`);
    else limits[known] = rule;
  }
  return { limits, faults };
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function readRule(value: unknown, base: RateRule): RateRule | null {
  const given = typeof value === "number" ? { limit: value } : value;
  if (given === null || typeof given !== "object") return null;
  const rule = { ...base, ...given };
  const isCount = (count: unknown) => typeof count === "number" && Number.isInteger(count) && count > 0;
  return isCount(rule.limit) && isCount(rule.windowSeconds)
    ? { limit: rule.limit, windowSeconds: rule.windowSeconds }
    : null;
}

/** The window an instant lies in. */
export function rateWindow(rule: RateRule, now: Date): { start: Date; end: Date } {
  const length = rule.windowSeconds * 1000;
  const start = Math.floor(now.getTime() / length) * length;
  return { start: new Date(start), end: new Date(start + length) };
}

/** Whole seconds until a refused caller may come back, at least one. */
export function retryAfterSeconds(rule: RateRule, now: Date): number {
  return Math.max(1, Math.ceil((rateWindow(rule, now).end.getTime() - now.getTime()) / 1000));
}

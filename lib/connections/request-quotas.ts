import type { RateLimits } from "@/lib/platform/rate-limit";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** How many requests a vendor allows within any sixty seconds. */
export interface MinuteQuota {
  /** Requests to other origins (tokens, keys) are not counted by the vendor's calendar. */
  origin: string;
  /** Of the whole installation. */
  project: number;
  /** Of one person. */
  person: number;
}

/** Null: the vendor has no such quota, or is not here. */
export type MinuteQuotas = Readonly<Record<Vendor, MinuteQuota | null>>;

/** From this share on, work that nobody waits for stays away: the rest is for people. */
export const HOLD_BACK_FROM = 0.8;

/**
 * From this share on the door lets pass only what a person waits for at this moment. What is left takes up what
 * other processes asked and did not yet tell of.
 */
export const FULL_FROM = 0.95;

/** The defaults and their source are in lib/platform/rate-limit.ts. */
export function minuteQuotas(limits: RateLimits): MinuteQuotas {
  const perMinute = ({ limit, windowSeconds }: { limit: number; windowSeconds: number }) =>
    Math.max(1, Math.floor((limit * 60) / windowSeconds));
  return {
    google: {
      origin: "https://www.googleapis.com",
      project: perMinute(limits.googleProject),
      person: perMinute(limits.googlePerson),
    },
    microsoft: null,
  };
}

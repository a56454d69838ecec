import { setTimeout as wait } from "node:timers/promises";
import { createMinuteWindow, type MinuteWindow } from "@/lib/calendar/minute-window";
import {
  FULL_FROM,
  HOLD_BACK_FROM,
  type MinuteQuota,
  type MinuteQuotas,
} from "@/lib/connections/request-quotas";
import type { Clock } from "@/lib/platform/clock";
import { OutboundError, type OutboundRequest } from "@/lib/platform/http";
import { metrics } from "@/lib/platform/metrics";
import type { Vendor } from "@/lib/providers/calendar-provider";

/** Keeps what is asked of vendors below what a minute allows, in this process and as far as others told. */
export interface RequestPacer {
  /**
   * The door's gate: counts the request and lets it pass. A patient one that the minute has no room for waits up to
   * five seconds, else throws `held_back` with the time until there is room.
   */
  admit(request: OutboundRequest): Promise<void>;
  /** Whether work that nobody waits for may ask this vendor for this person now. */
  hasRoom(vendor: Vendor, person: string): boolean;
  /** The same after up to five seconds, for whoever holds nothing meanwhile. */
  awaitRoom(vendor: Vendor, person: string): Promise<boolean>;
  /**
   * How far apart rounds of one person should begin, in milliseconds, so that a stream of changes neither uses up the
   * minute nor then waits for the next one. 0 while there is plenty.
   */
  spacing(vendor: Vendor, person: string): number;
  /** Another process asked this often; without a person it is one of all. */
  learn(asked: { vendor: Vendor; person: string | null; count: number; at: Date }): void;
}

const LONGEST_WAIT_MS = 5_000;

/** From these shares of a person's minute on, rounds keep so many times the pace at which a quota lasts. */
const SPACED = [
  { from: 0.85, paces: 4 },
  { from: 0.3, paces: 1.2 },
] as const;
const MOST_IDLE = 1_000;

export function createRequestPacer(options: {
  clock: Clock;
  quotas: MinuteQuotas;
  sleep?: (ms: number) => Promise<unknown>;
}): RequestPacer {
  const { clock, quotas, sleep = (ms: number) => wait(ms) } = options;
  const windows = new Map<string, MinuteWindow>();
  let forgetAt = MOST_IDLE;

  const windowOf = (vendor: Vendor, person: string | null) => {
    const key = `${vendor} ${person ?? ""}`;
    const known = windows.get(key) ?? createMinuteWindow();
    if (windows.size >= forgetAt) forgetIdle();
    windows.set(key, known);
    return known;
  };
  const forgetIdle = () => {
    const now = clock.now();
    for (const [key, window] of windows) if (window.used(now) === 0) windows.delete(key);
    forgetAt = windows.size + MOST_IDLE;
  };
  const freeIn = (vendor: Vendor, person: string, quota: MinuteQuota, share: number) => {
    const now = clock.now();
    return Math.max(
      windowOf(vendor, null).freeIn(Math.floor(quota.project * share), now),
      windowOf(vendor, person).freeIn(Math.floor(quota.person * share), now),
    );
  };
  const take = (vendor: Vendor, person: string) => {
    const now = clock.now();
    for (const whose of [null, person]) windowOf(vendor, whose).add(1, now, now);
  };

  const roomIn = (vendor: Vendor, person: string) => {
    const quota = quotas[vendor];
    return quota === null ? 0 : freeIn(vendor, person, quota, HOLD_BACK_FROM);
  };

  return {
    admit: async ({ vendor, origin, person, patient }) => {
      const quota = quotas[vendor];
      if (quota === null || origin !== quota.origin || person === null) return;
      for (let waited = 0; patient; ) {
        const needed = freeIn(vendor, person, quota, FULL_FROM);
        if (needed === 0) break;
        if (waited + needed > LONGEST_WAIT_MS) {
          metrics().count("entente_requests_held_back_total", { vendor, at: "door" });
          throw new OutboundError("held_back", `${vendor}'s minute is used up`, { retryAfterMs: needed });
        }
        await sleep(needed);
        waited += needed;
      }
      take(vendor, person);
    },
    hasRoom: (vendor, person) => roomIn(vendor, person) === 0,
    awaitRoom: async (vendor, person) => {
      let waited = 0;
      for (let needed = roomIn(vendor, person); needed > 0; needed = roomIn(vendor, person)) {
        if (waited + needed > LONGEST_WAIT_MS) {
          metrics().count("entente_requests_held_back_total", { vendor, at: "claim" });
          return false;
        }
        await sleep(needed);
        waited += needed;
      }
      return true;
    },
    spacing: (vendor, person) => {
      const quota = quotas[vendor];
      if (quota === null) return 0;
      const share = windowOf(vendor, person).used(clock.now()) / quota.person;
      const paces = SPACED.find(({ from }) => share >= from)?.paces ?? 0;
      return Math.ceil((paces * 60_000) / quota.person);
    },
    learn: ({ vendor, person, count, at }) => windowOf(vendor, person).add(count, at, clock.now()),
  };
}

import { type DatabaseHandle, openDatabase } from "@/db/client";
import { createRequestLedger, type RequestLedger } from "@/lib/connections/request-ledger";
import { minuteQuotas } from "@/lib/connections/request-quotas";
import type { Services } from "@/lib/connections/services";
import { systemClock } from "@/lib/platform/clock";
import { type Env, EnvironmentError, env } from "@/lib/platform/env";
import { createProviderFetch } from "@/lib/platform/http";
import { openMailTransport } from "@/lib/platform/mail";
import { parseRateLimits, type RateLimits } from "@/lib/platform/rate-limit";
import { markPeers } from "@/lib/platform/rate-limit-address";
import { createMemoryLimiter, type MemoryLimiter } from "@/lib/platform/rate-limit-memory";
import { isGoogleLimit } from "@/lib/providers/google/errors";
import { createGoogleProvider } from "@/lib/providers/google/google-provider";
import { createGoogleIdentity } from "@/lib/providers/google/identity";
import type { IdentityProvider } from "@/lib/providers/identity-provider";
import { createProviders } from "@/lib/providers/registry";

/** Everything this process is made of. The one place where parts are put together. */
export interface Runtime {
  env: Env;
  services: Services;
  handle: DatabaseHandle;
  requests: RequestLedger;
  /** When this process was put together: what it has not done since then may only be late. */
  startedAt: Date;
  /** Few connections of its own, so that a vendor's message is taken down while everything else is busy. */
  webhooks: DatabaseHandle;
  /** Who may vouch for a person signing in; vendors without credentials are absent. */
  identities: IdentityProvider[];
  limits: RateLimits;
  limiter: MemoryLimiter;
}

/** What several copies of this module, as bundlers make them, must share. */
interface Place {
  __ententeRuntime?: Runtime | undefined;
}

const place = globalThis as Place;

/** This process's runtime, made at first use from the environment. */
export function runtime(): Runtime {
  if (place.__ententeRuntime === undefined) {
    markPeers();
    place.__ententeRuntime = createRuntime(env());
  }
  return place.__ententeRuntime;
}

/** Makes a ready runtime this process's own: for programs and tests that put one together themselves. */
export function adoptRuntime(made: Runtime): void {
  place.__ententeRuntime = made;
}

export async function closeRuntime(): Promise<void> {
  const current = place.__ententeRuntime;
  place.__ententeRuntime = undefined;
  await current?.requests.flush();
  await Promise.all([current?.handle.close(), current?.webhooks.close()]);
}

const WEBHOOK_POOL = 3;

export function createRuntime(settings: Env): Runtime {
  if (settings.DATABASE_URL === undefined) throw new EnvironmentError(["DATABASE_URL is missing"]);
  const { limits, faults } = parseRateLimits(settings.RATE_LIMITS);
  if (faults.length > 0) throw new EnvironmentError(faults);
  const direct = settings.DATABASE_URL_DIRECT === undefined ? {} : { direct: settings.DATABASE_URL_DIRECT };
  const handle = openDatabase(settings.DATABASE_URL, { max: settings.DATABASE_POOL, ...direct });
  const webhooks = openDatabase(settings.DATABASE_URL, {
    max: WEBHOOK_POOL,
    name: "entente-webhooks",
    ...direct,
  });
  const clock = systemClock();
  const budgets = {
    vendors: { google: settings.GOOGLE_DAILY_REQUESTS, microsoft: null },
    person: settings.USER_DAILY_REQUESTS,
  };
  const requests = createRequestLedger({ db: handle.db, clock, budgets, quotas: minuteQuotas(limits) });
  const fetch = createProviderFetch({
    origins: settings.origins,
    observe: requests.count,
    admit: requests.admit,
    isLimit: isGoogleLimit,
  });
  const google = settings.google === null ? null : { ...settings.google, fetch };
  return {
    env: settings,
    handle,
    requests,
    startedAt: clock.now(),
    webhooks,
    identities: google === null ? [] : [createGoogleIdentity(google)],
    limits,
    limiter: createMemoryLimiter(),
    services: {
      db: handle.db,
      clock,
      random: Math.random,
      providers: createProviders(google === null ? [] : [createGoogleProvider(google)]),
      masterKeys: settings.masterKeys,
      appOrigin: settings.appOrigin,
      origins: settings.origins,
      mail: settings.mail === null ? null : openMailTransport(settings.mail.server, settings.mail.from),
      requests,
    },
  };
}

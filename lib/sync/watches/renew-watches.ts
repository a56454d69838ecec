import type { Services } from "@/lib/connections/services";
import { stopUnwantedWatches } from "@/lib/connections/watch-wishes";
import { describeError, log } from "@/lib/platform/log";
import { isLoopbackHost } from "@/lib/platform/origins";
import {
  dropEndedWatches,
  findWantedWatches,
  retireWatches,
  type WatchSubject,
} from "@/lib/sync/watches/find-watches";
import { makeWatch } from "@/lib/sync/watches/make-watch";
import { findStops, stopWatch } from "@/lib/sync/watches/stop-watch";

const AT_ONCE = 5;

/** Of watches of calendars, but for `lists`. */
export interface WatchTotals {
  due: number;
  made: number;
  unsupported: number;
  stopped: number;
  skipped: number;
  failed: number;
  /** Watches of lists of calendars that were made or stopped. */
  lists: number;
}

/**
 * Brings watches in line with what is read: ends those nobody needs, asks for those that are missing, old or dead,
 * and stops a replaced one only when its successor works. Repeatable at any point; the tables say what remains.
 */
export async function renewWatches(
  services: Services,
  { connectionId }: { connectionId?: string | undefined } = {},
): Promise<WatchTotals> {
  const { db, clock } = services;
  const now = clock.now();
  await dropEndedWatches(db, now, connectionId);
  await stopUnwantedWatches(db, now, connectionId);
  await retireWatches(db, now, connectionId);
  const wanted = await findWantedWatches(db, now, reachableVendors(services), connectionId);
  const due = wanted.filter(({ kind }) => kind === "events").length;
  const totals = { due, made: 0, unsupported: 0, stopped: 0, skipped: 0, failed: 0, lists: 0 };
  const count = ({ kind }: Pick<WatchSubject, "kind">, outcome: keyof WatchTotals) => {
    if (kind === "events" || outcome === "failed") totals[outcome] += 1;
    else if (outcome === "made" || outcome === "stopped") totals.lists += 1;
  };
  await forEach(wanted, async (one) => {
    // Without room it stays due.
    const hasRoom = services.requests.hasRoom(one.provider, one.userId);
    count(one, hasRoom ? await attempt(() => makeWatch(services, one)) : "skipped");
  });
  await forEach(await findStops(db, now, connectionId), async (one) => {
    count(one, await attempt(() => stopWatch(services, one.id)));
  });
  return totals;
}

/** Vendors that can tell us anything. Only a stand-in on this machine reaches an address without https. */
function reachableVendors({ providers, appOrigin, origins }: Services): string[] {
  const { protocol, hostname } = new URL(appOrigin);
  if (protocol === "https:") return providers.vendors();
  const isMapped = { google: "https://www.googleapis.com", microsoft: "https://graph.microsoft.com" };
  return providers
    .vendors()
    .filter((vendor) => isLoopbackHost(hostname) && origins.get(isMapped[vendor]) !== undefined);
}

async function attempt<T extends string>(work: () => Promise<T>): Promise<T | "failed"> {
  try {
    return await work();
  } catch (error) {
    log.error({ job: "renew-watches", err: describeError(error) }, "a watch could not be looked after");
    return "failed";
  }
}

async function forEach<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const queue = all.values();
  const worker = async () => {
    for (const one of queue) await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, all.length) }, worker));
}

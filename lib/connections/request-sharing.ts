import type { Db } from "@/db/client";
import { forgetMinutes, type MinuteTally, minuteOf, readMinutes } from "@/lib/connections/request-minutes";
import type { RequestPacer } from "@/lib/connections/request-pacer";
import type { MinuteQuotas } from "@/lib/connections/request-quotas";

const MINUTE_MS = 60_000;

/** What processes tell each other of the minute's requests, through `vendor_request_minutes`. */
export interface SharedMinutes {
  /** These of ours are in the table now. */
  told(tallies: Iterable<MinuteTally>): void;
  /** Tells the pacer what others asked since the last time. */
  listen(db: Db, now: Date): Promise<void>;
}

export function createSharedMinutes(quotas: MinuteQuotas, pacer: Pick<RequestPacer, "learn">): SharedMinutes {
  /** By vendor, person (none: all together) and minute: what is ours in the table, or was learned of others. */
  const known = new Map<string, number>();
  let current = "";
  const raise = (key: string, by: number) => known.set(key, (known.get(key) ?? 0) + by);

  return {
    told(tallies) {
      for (const { provider, userId, minute, requests } of tallies) {
        raise(`${provider}  ${minute}`, requests);
        raise(`${provider} ${userId} ${minute}`, requests);
      }
    },
    async listen(db, now) {
      for (const { provider, userId, minute, requests } of await readMinutes(db, quotas, now)) {
        const key = `${provider} ${userId ?? ""} ${minute}`;
        const count = requests - (known.get(key) ?? 0);
        if (count <= 0) continue;
        raise(key, count);
        // At the latest moment it can have been: too careful for some seconds rather than too bold.
        const at = new Date(Math.min(now.getTime(), new Date(minute).getTime() + MINUTE_MS - 1));
        pacer.learn({ vendor: provider, person: userId, count, at });
      }
      if (current === minuteOf(now)) return;
      current = minuteOf(now);
      const oldest = minuteOf(new Date(now.getTime() - 2 * MINUTE_MS));
      for (const key of known.keys()) if (key.slice(-oldest.length) < oldest) known.delete(key);
      await forgetMinutes(db, now);
    },
  };
}

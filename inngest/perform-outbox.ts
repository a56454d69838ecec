import { drainOutbox } from "@/inngest/drain-outbox";
import { performNudge } from "@/inngest/perform-nudge";
import type { Services } from "@/lib/connections/services";
import { describeError, log } from "@/lib/platform/log";

/**
 * Works the outbox off in this process instead of handing it to a queue. A nudge that fails is not kept: the
 * tables still say what remains, and the schedule finds it there.
 */
export async function performOutbox(services: Services): Promise<{ nudges: number; failed: number }> {
  let failed = 0;
  const nudges = await drainOutbox(
    services.db,
    async (waiting) => {
      for (const nudge of waiting) {
        await performNudge(services, nudge).catch((error: unknown) => {
          failed += 1;
          log.error({ nudge: nudge.name, err: describeError(error) }, "nudge could not be worked off");
        });
      }
    },
    services.clock.now(),
  );
  return { nudges, failed };
}

import type { Inngest } from "inngest";
import type { DatabaseHandle } from "@/db/client";
import { drainOutbox } from "@/inngest/drain-outbox";
import type { Clock } from "@/lib/platform/clock";
import { describeError, log } from "@/lib/platform/log";

export interface OutboxPump {
  /** Drains now, or once more after the drain that is running. Never throws: what failed is still in the table. */
  drain(): Promise<void>;
  /** Drains no more, whoever asks, and waits for the drain that is running. */
  stop(): Promise<void>;
}

/** Empties the outbox, one drain at a time however many ask. */
export function createOutboxPump(client: Inngest, handle: DatabaseHandle, clock: Clock): OutboxPump {
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  const work = async () => {
    do {
      again = false;
      try {
        await drainOutbox(
          handle.db,
          async (nudges) => {
            await client.send(nudges);
          },
          clock.now(),
        );
      } catch (error) {
        log.warn({ job: "drain-outbox", err: describeError(error) });
      }
    } while (again && !stopped);
    running = null;
  };

  return {
    drain: async () => {
      if (stopped) return;
      if (running === null) running = work();
      else again = true;
      await running;
    },
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

import { Inngest } from "inngest";
import { serve } from "inngest/edge";
import {
  createEmbeddedEngine,
  type EmbeddedEngine,
  type EmbeddedEngineOptions,
} from "@/inngest/embedded/engine";
import type { ErrorContext } from "@/inngest/embedded/engine-context";
import { EMBEDDED_ORIGIN, type ServeHandler } from "@/inngest/embedded/function-call";
import { createVirtualTime, type VirtualTime } from "@/inngest/embedded/virtual-time";

export interface EngineHarness {
  client: Inngest;
  engine: EmbeddedEngine;
  time: VirtualTime;
  errors: { error: unknown; context: ErrorContext }[];
  /** Serves the functions that were created with `client` and starts the engine. */
  start(functions: Parameters<typeof serve>[0]["functions"]): Promise<ServeHandler>;
  /** Moves the virtual clock; everything due has run when it resolves. */
  advance(milliseconds: number): Promise<void>;
}

const QUIET = { info: quiet, warn: quiet, error: quiet, debug: quiet };

function quiet(): void {
  // The SDK logs every failure it meets, and these tests make it meet many.
}

/**
 * An engine on virtual time, years ahead because the SDK stamps events with the machine's own clock, with a client of
 * its own, for tests with real functions.
 */
export function createHarness(options: Partial<EmbeddedEngineOptions> & { now?: Date } = {}): EngineHarness {
  const time = createVirtualTime(options.now ?? new Date("2031-03-03T08:00:30.000Z"));
  const errors: EngineHarness["errors"] = [];
  const engine = createEmbeddedEngine({
    clock: time,
    timers: time,
    claimCron: async () => true,
    onError: (error, context) => errors.push({ error, context }),
    ...options,
  });
  const client = new Inngest({
    id: "test",
    isDev: true,
    baseUrl: EMBEDDED_ORIGIN,
    fetch: engine.fetch,
    logger: QUIET,
  });
  return {
    client,
    engine,
    time,
    errors,
    async start(functions) {
      const handler = serve({ client, functions });
      await engine.start(handler);
      return handler;
    },
    advance: (milliseconds) => time.advance(milliseconds, () => engine.idle()),
  };
}

import type { Inngest } from "inngest";
import { serve } from "inngest/edge";
import { createEmbeddedClient, createServerClient } from "@/inngest/client";
import { claimCron } from "@/inngest/cron-claims";
import { createEmbeddedEngine, type EmbeddedEngine } from "@/inngest/embedded/engine";
import { createFunctions } from "@/inngest/functions/all";
import { createLiveHub, type LiveHub } from "@/inngest/live-hub";
import { createOutboxPump, type OutboxPump } from "@/inngest/outbox-pump";
import type { Runtime } from "@/inngest/runtime";
import { startSentinel } from "@/inngest/schedule-sentinel";
import { describeError, log } from "@/lib/platform/log";

/** What works in the background of one process. */
export interface Background {
  hub: LiveHub;
  pump: OutboxPump;
  client: Inngest;
  /** Null when a server runs the functions. */
  engine: EmbeddedEngine | null;
  stop(): Promise<void>;
}

const COUNT_EVERY_MS = 5_000;

const place = globalThis as { __ententeBackground?: Promise<Background> | undefined };

/** Starts jobs, outbox and live pages once per process, however often its modules are loaded. */
export function startBackground(runtime: Runtime): Promise<Background> {
  place.__ententeBackground ??= start(runtime).catch((error: unknown) => {
    place.__ententeBackground = undefined; // Whoever asks again may find the database back.
    throw error;
  });
  return place.__ententeBackground;
}

/** The background of this process if it was started, e.g. for the live stream. */
export function background(): Promise<Background> | null {
  return place.__ententeBackground ?? null;
}

async function start(runtime: Runtime): Promise<Background> {
  const { services, handle, env, requests, startedAt } = runtime;
  const hub = createLiveHub();
  const engine = env.JOBS === "embedded" ? createEngine(runtime) : null;
  const client = engine === null ? createServerClient(env) : createEmbeddedClient(engine.fetch);
  const pump = createOutboxPump(client, handle, services.clock);
  if (engine !== null) {
    await engine.start(
      serve({ client, functions: createFunctions(client, { ...services, startedAt }, pump) }),
    );
  }
  const unlisten = await listen(runtime, hub, pump).catch(async (error: unknown) => {
    await engine?.stop();
    throw error;
  });
  const counting = setInterval(() => void requests.flush(), COUNT_EVERY_MS);
  counting.unref();
  const stopSentinel = startSentinel(services, startedAt);
  await requests.flush(); // What others used up today presses on this process from its first round on.
  log.info({ event: "background.started", jobs: env.JOBS });
  return {
    hub,
    pump,
    client,
    engine,
    stop: async () => {
      place.__ententeBackground = undefined;
      hub.closeAll();
      // After a reconnect the driver no longer knows whom to unsubscribe, so the pump itself must fall silent.
      await pump.stop();
      await unlisten();
      await engine?.stop();
      clearInterval(counting);
      stopSentinel();
      await requests.flush();
    },
  };
}

function createEngine({ services }: Runtime): EmbeddedEngine {
  return createEmbeddedEngine({
    clock: services.clock,
    claimCron: (functionId, scheduledAt) =>
      claimCron(services.db, { functionId, scheduledAt, now: services.clock.now() }),
    onError: (error, context) => log.error({ event: "job.failed", ...context, err: describeError(error) }),
  });
}

/** What was announced while nobody listened is in the tables: after each (re)connect everything is looked at. */
async function listen({ handle }: Runtime, hub: LiveHub, pump: OutboxPump): Promise<() => Promise<void>> {
  const stopOutbox = await handle.listen(
    "entente_outbox",
    () => void pump.drain(),
    () => void pump.drain(),
  );
  const stopLive = await handle.listen(hub.channel, hub.deliver, hub.refreshAll);
  return async () => {
    await stopOutbox();
    await stopLive();
  };
}

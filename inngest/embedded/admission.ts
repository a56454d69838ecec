import type { EngineContext } from "@/inngest/embedded/engine-context";
import { createExpiringSet } from "@/inngest/embedded/expiring-set";
import type { FunctionDefinition } from "@/inngest/embedded/function-definition";
import { createHeldEvents } from "@/inngest/embedded/held-events";
import { type EngineEvent, keyOf, type Run } from "@/inngest/embedded/run";
import type { RunRegistry } from "@/inngest/embedded/run-registry";
import { createThrottle } from "@/inngest/embedded/throttle";

/** Decides whether, when and with which events a function runs. */
export interface Admission {
  /** An event reached a function it triggers: idempotency, debounce, batches, singleton, throttle. */
  admit(definition: FunctionDefinition, event: EngineEvent): void;
  /** Starts a run that nothing holds back but throttle and concurrency. */
  launch(definition: FunctionDefinition, events: readonly [EngineEvent, ...EngineEvent[]]): Run;
  heldBack(): number;
  clear(): void;
}

interface Dependencies {
  context: EngineContext;
  registry: RunRegistry;
  begin(run: Run): void;
}

const DAY_MS = 86_400_000;
const REMEMBERED_KEYS = 100_000;

export function createAdmission({ context, registry, begin }: Dependencies): Admission {
  const seen = createExpiringSet({ lifetimeMs: DAY_MS, capacity: REMEMBERED_KEYS });
  const throttle = createThrottle();
  const singletons = new Map<string, Run>();
  const held = createHeldEvents(context, (definition, events) => admitRun(definition, events));

  /** A missing key is no key: dropping work that nobody marked as a repetition would lose it. */
  function isRepetition(definition: FunctionDefinition, event: EngineEvent): boolean {
    const key = definition.idempotency?.(event);
    return key !== undefined && !seen.add(`${definition.id}=${keyOf(key)}`, context.clock.now());
  }

  function admitRun(definition: FunctionDefinition, events: readonly [EngineEvent, ...EngineEvent[]]): void {
    const { singleton } = definition;
    if (!singleton) {
      launch(definition, events);
      return;
    }
    const slot = `${definition.id}=${keyOf(singleton.key?.(events[0]))}`;
    const current = singletons.get(slot);
    if (current && singleton.mode === "skip") return;
    if (current) registry.settle(current, { status: "cancelled", runId: current.id, reason: "singleton" });
    const run = launch(definition, events);
    singletons.set(slot, run);
    run.onSettled.push(() => {
      if (singletons.get(slot) === run) singletons.delete(slot);
    });
  }

  function launch(definition: FunctionDefinition, events: readonly [EngineEvent, ...EngineEvent[]]): Run {
    const run = registry.open(definition, events);
    const delay = startDelay(definition, events[0]);
    if (delay > 0) registry.later(run, delay, () => begin(run));
    else begin(run);
    return run;
  }

  /** An event may name a later instant for itself; throttling comes on top of it. */
  function startDelay(definition: FunctionDefinition, event: EngineEvent): number {
    const now = context.clock.now();
    const untilDue = Math.max(0, event.ts - now.getTime());
    if (!definition.throttle) return untilDue;
    const key = `${definition.id}=${keyOf(definition.throttle.key?.(event))}`;
    return Math.max(untilDue, throttle.reserve(key, definition.throttle, now));
  }

  return {
    admit(definition, event) {
      if (isRepetition(definition, event)) return;
      if (definition.debounce) held.debounce(definition, event);
      else if (definition.batch) held.batch(definition, event);
      else admitRun(definition, [event]);
    },
    launch,
    heldBack: held.size,
    clear() {
      held.clear();
      throttle.clear();
      singletons.clear();
      seen.clear();
    },
  };
}

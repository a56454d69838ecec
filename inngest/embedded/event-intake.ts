import { randomUUID } from "node:crypto";
import type { Admission } from "@/inngest/embedded/admission";
import type { EngineContext } from "@/inngest/embedded/engine-context";
import type { EventListeners } from "@/inngest/embedded/event-listeners";
import { createExpiringSet } from "@/inngest/embedded/expiring-set";
import type { FunctionDefinition } from "@/inngest/embedded/function-definition";
import type { IncomingEvent } from "@/inngest/embedded/protocol";
import type { EngineEvent } from "@/inngest/embedded/run";

/** Where events come in: each reaches every function it triggers and every run that waits for it. */
export interface EventIntake {
  subscribe(definitions: readonly FunctionDefinition[]): void;
  /** Takes all events or none. Returns their ids. Throws `QueueFullError`. */
  accept(events: readonly IncomingEvent[]): string[];
  /** Hands on an event of the engine's own, if anybody listens. */
  announce(name: string, data: Record<string, unknown>): void;
  clear(): void;
}

export class QueueFullError extends Error {
  constructor(limit: number) {
    super(`the embedded job engine already holds ${limit} runs`);
    this.name = "QueueFullError";
  }
}

interface Dependencies {
  context: EngineContext;
  listeners: EventListeners;
  admission(): Admission;
  /** Runs that may still be added. */
  room(): number;
  maxRuns: number;
}

const DAY_MS = 86_400_000;
const REMEMBERED_IDS = 100_000;

export function createEventIntake(dependencies: Dependencies): EventIntake {
  const { context, listeners } = dependencies;
  const seen = createExpiringSet({ lifetimeMs: DAY_MS, capacity: REMEMBERED_IDS });
  let routes = new Map<string, { definition: FunctionDefinition; matches(event: EngineEvent): boolean }[]>();

  function targetsOf(event: EngineEvent): Set<FunctionDefinition> {
    const matching = (routes.get(event.name) ?? []).filter((route) => route.matches(event));
    return new Set(matching.map((route) => route.definition));
  }

  function deliver(event: EngineEvent, targets: Set<FunctionDefinition>): void {
    listeners.notify(event);
    for (const definition of targets) dependencies.admission().admit(definition, event);
  }

  return {
    subscribe(definitions) {
      routes = new Map();
      for (const definition of definitions) {
        for (const { event, condition } of definition.eventTriggers) {
          const matches = (incoming: EngineEvent) => condition?.matches({ event: incoming }) ?? true;
          routes.set(event, [...(routes.get(event) ?? []), { definition, matches }]);
        }
      }
    },
    accept(incoming) {
      const now = context.clock.now();
      const deliveries = incoming.map((sent) => {
        const event: EngineEvent = { ...sent, id: sent.id ?? randomUUID(), ts: sent.ts ?? now.getTime() };
        return { event, named: sent.id !== undefined, targets: targetsOf(event) };
      });
      const wanted = deliveries.reduce((count, { targets }) => count + targets.size, 0);
      if (wanted > dependencies.room()) throw new QueueFullError(dependencies.maxRuns);
      for (const { event, named, targets } of deliveries) {
        if (!named || seen.add(event.id, now)) deliver(event, targets);
      }
      return deliveries.map(({ event }) => event.id);
    },
    announce(name, data) {
      if (!routes.has(name) && !listeners.isAwaited(name)) return;
      const event: EngineEvent = { id: randomUUID(), name, data, ts: context.clock.now().getTime() };
      deliver(event, targetsOf(event));
    },
    clear() {
      seen.clear();
      routes.clear();
    },
  };
}

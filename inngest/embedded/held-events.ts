import type { EngineContext } from "@/inngest/embedded/engine-context";
import type { FunctionDefinition } from "@/inngest/embedded/function-definition";
import { type EngineEvent, keyOf } from "@/inngest/embedded/run";

/** Events that wait for company (batches) or for silence (debounce) before they become a run. */
export interface HeldEvents {
  debounce(definition: FunctionDefinition, event: EngineEvent): void;
  batch(definition: FunctionDefinition, event: EngineEvent): void;
  size(): number;
  clear(): void;
}

interface Held {
  events: [EngineEvent, ...EngineEvent[]];
  deadline?: number;
  cancel(): void;
}

type Release = (definition: FunctionDefinition, events: readonly [EngineEvent, ...EngineEvent[]]) => void;

export function createHeldEvents(context: EngineContext, release: Release): HeldEvents {
  const held = new Map<string, Held>();

  function fire(slot: string, definition: FunctionDefinition): void {
    const entry = held.get(slot);
    if (!entry) return;
    held.delete(slot);
    entry.cancel();
    release(definition, entry.events);
  }

  return {
    debounce(definition, event) {
      const { key, periodMs, timeoutMs } = definition.debounce ?? { periodMs: 0 };
      const slot = `${definition.id}=${keyOf(key?.(event))}`;
      const now = context.clock.now().getTime();
      const before = held.get(slot);
      before?.cancel();
      const deadline =
        before?.deadline ?? (timeoutMs === undefined ? Number.POSITIVE_INFINITY : now + timeoutMs);
      const latest = before && before.events[0].ts > event.ts ? before.events[0] : event;
      const delay = Math.max(0, Math.min(periodMs, deadline - now));
      held.set(slot, {
        events: [latest],
        deadline,
        cancel: context.timers.after(delay, () => fire(slot, definition)),
      });
    },
    batch(definition, event) {
      const { key, maxSize, timeoutMs } = definition.batch ?? { maxSize: 1, timeoutMs: 0 };
      const slot = `${definition.id}=${keyOf(key?.(event))}`;
      const entry = held.get(slot);
      if (entry) entry.events.push(event);
      else {
        const cancel = context.timers.after(timeoutMs, () => fire(slot, definition));
        held.set(slot, { events: [event], cancel });
      }
      if ((entry?.events.length ?? 1) >= maxSize) fire(slot, definition);
    },
    size: () => held.size,
    clear() {
      for (const entry of held.values()) entry.cancel();
      held.clear();
    },
  };
}

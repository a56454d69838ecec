import type { EngineContext } from "@/inngest/embedded/engine-context";
import type { EventListeners } from "@/inngest/embedded/event-listeners";
import type { FunctionDefinition } from "@/inngest/embedded/function-definition";
import { createRun, type EngineEvent, type Run, type RunOutcome } from "@/inngest/embedded/run";

/** The runs that are not over. A run leaves with its outcome, and everything it held goes with it. */
export interface RunRegistry {
  open(definition: FunctionDefinition, events: readonly [EngineEvent, ...EngineEvent[]]): Run;
  get(runId: string): Run | undefined;
  /** The first outcome counts; later ones are ignored. */
  settle(run: Run, outcome: RunOutcome): void;
  /** Calls `action` after a delay unless the run is over by then. */
  later(run: Run, milliseconds: number, action: () => void): () => void;
  size(): number;
  /** Ends all runs as cancelled, telling nobody but those who wait for the outcome. */
  abandonAll(reason: string): void;
}

interface Dependencies {
  context: EngineContext;
  listeners: EventListeners;
  /** Hands `inngest/function.*` events to whoever subscribed to them. */
  announce(name: string, data: Record<string, unknown>): void;
}

export function createRunRegistry({ context, listeners, announce }: Dependencies): RunRegistry {
  const runs = new Map<string, Run>();

  function close(run: Run, outcome: RunOutcome): boolean {
    if (run.outcome) return false;
    run.outcome = outcome;
    runs.delete(run.id);
    for (const cleanup of run.cleanups) cleanup();
    run.cleanups.clear();
    for (const tell of run.onSettled) tell(outcome);
    return true;
  }

  function later(run: Run, milliseconds: number, action: () => void): () => void {
    const cancel = context.timers.after(milliseconds, () => {
      run.cleanups.delete(cancel);
      if (!run.outcome) action();
    });
    run.cleanups.add(cancel);
    return () => {
      cancel();
      run.cleanups.delete(cancel);
    };
  }

  function settle(run: Run, outcome: RunOutcome): void {
    if (!close(run, outcome)) return;
    const subject = { function_id: run.definition.id, run_id: run.id };
    const [event] = run.events;
    if (outcome.status === "cancelled") {
      announce("inngest/function.cancelled", { ...subject, event });
      return;
    }
    if (outcome.status === "failed") {
      const { error } = outcome;
      context.onError(Object.assign(new Error(error.message), error), {
        functionId: run.definition.id,
        runId: run.id,
      });
      announce("inngest/function.failed", { ...subject, error, event, events: run.events });
      announce("inngest/function.finished", { ...subject, error, event });
      return;
    }
    announce("inngest/function.finished", { ...subject, result: outcome.data, event });
  }

  function armCancellation(run: Run): void {
    for (const { event, condition, timeoutMs } of run.definition.cancelOn) {
      const unlisten = listeners.listen({
        eventName: event,
        condition,
        origin: run.events[0],
        heard: () => settle(run, { status: "cancelled", runId: run.id, reason: event }),
      });
      run.cleanups.add(unlisten);
      if (timeoutMs !== undefined) later(run, timeoutMs, unlisten);
    }
  }

  return {
    open(definition, events) {
      const run = createRun(definition, events, context.clock.now());
      runs.set(run.id, run);
      armCancellation(run);
      return run;
    },
    get: (runId) => runs.get(runId),
    settle,
    later,
    size: () => runs.size,
    abandonAll(reason) {
      for (const run of [...runs.values()]) close(run, { status: "cancelled", runId: run.id, reason });
    },
  };
}

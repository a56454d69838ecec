import { parseDelay } from "@/inngest/embedded/duration";
import type { EngineContext } from "@/inngest/embedded/engine-context";
import type { EventListeners } from "@/inngest/embedded/event-listeners";
import { compileCondition } from "@/inngest/embedded/expression";
import {
  engineError,
  invokeOptionsSchema,
  type Op,
  type SerializedError,
  waitOptionsSchema,
} from "@/inngest/embedded/protocol";
import type { Run, RunOutcome, StepState } from "@/inngest/embedded/run";
import type { RunRegistry } from "@/inngest/embedded/run-registry";

export interface AsyncOperation {
  context: EngineContext;
  registry: RunRegistry;
  listeners: EventListeners;
  invoke(functionId: string, data: Record<string, unknown>): Run | undefined;
  run: Run;
  op: Op;
  /** Ends the operation; calls after the first one do nothing. */
  resume(state: StepState): void;
}

/** Starts what ends by itself later: a sleep, a wait, an invocation. Returns why it cannot, if it cannot. */
export function startAsyncOperation(operation: AsyncOperation): SerializedError | undefined {
  try {
    switch (operation.op.op) {
      case "Sleep":
        return sleep(operation);
      case "WaitForEvent":
        return waitForEvent(operation);
      case "InvokeFunction":
        return invokeFunction(operation);
      default:
        return engineError(
          `the embedded job engine does not support ${operation.op.op}`,
          "UnsupportedOpError",
        );
    }
  } catch (error) {
    const name = operation.op.displayName ?? operation.op.id;
    return engineError(`step "${name}": ${error instanceof Error ? error.message : String(error)}`);
  }
}

function sleep({ context, registry, run, op, resume }: AsyncOperation): undefined {
  const delay = readDelay(op.name ?? "", context);
  registry.later(run, delay, () => resume({ type: "data", data: null }));
}

function waitForEvent({ context, registry, listeners, run, op, resume }: AsyncOperation): undefined {
  const { timeout, if: source } = waitOptionsSchema.parse(op.opts ?? {});
  const delay = readDelay(timeout, context);
  const end = (state: StepState) => {
    unlisten();
    run.cleanups.delete(unlisten);
    cancelTimeout();
    resume(state);
  };
  const unlisten = listeners.listen({
    eventName: op.name ?? "",
    condition: source === undefined ? undefined : compileCondition(source, ["event", "async"]),
    origin: run.events[0],
    heard: (event) => end({ type: "data", data: event }),
  });
  run.cleanups.add(unlisten);
  const cancelTimeout = registry.later(run, delay, () => end({ type: "data", data: null }));
}

function invokeFunction(operation: AsyncOperation): SerializedError | undefined {
  const { context, registry, run, op, resume } = operation;
  const { function_id: functionId, payload, timeout } = invokeOptionsSchema.parse(op.opts ?? {});
  const delay = timeout === undefined ? undefined : readDelay(timeout, context);
  const child = operation.invoke(functionId, payload.data ?? {});
  if (!child) return engineError(`there is no function ${functionId} to invoke`);
  let ended = false;
  const end = (state: StepState) => {
    if (ended || run.outcome) return;
    ended = true;
    cancelTimeout();
    resume(state);
  };
  const timedOut: StepState = {
    type: "error",
    error: engineError(`${functionId} did not finish in time`, "InvokeTimeoutError"),
  };
  const cancelTimeout =
    delay === undefined ? () => undefined : registry.later(run, delay, () => end(timedOut));
  child.onSettled.push((outcome) => end(stateOf(outcome, functionId)));
  return undefined;
}

function stateOf(outcome: RunOutcome, functionId: string): StepState {
  if (outcome.status === "completed") return { type: "data", data: outcome.data };
  const error =
    outcome.status === "failed"
      ? outcome.error
      : engineError(`${functionId} was cancelled`, "InvokeCancelledError");
  return { type: "error", error };
}

function readDelay(text: string, context: EngineContext): number {
  const delay = parseDelay(text, context.clock.now());
  if (delay === undefined) throw new Error(`"${text}" is neither a duration nor an instant`);
  return delay;
}

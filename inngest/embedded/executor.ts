import { randomUUID } from "node:crypto";
import { startAsyncOperation } from "@/inngest/embedded/async-operations";
import { retryDelay } from "@/inngest/embedded/backoff";
import type { EngineContext } from "@/inngest/embedded/engine-context";
import type { EventListeners } from "@/inngest/embedded/event-listeners";
import { callFunction, type ServeHandler } from "@/inngest/embedded/function-call";
import {
  type Answer,
  engineError,
  type Op,
  readError,
  type SerializedError,
} from "@/inngest/embedded/protocol";
import type { Run, StepState } from "@/inngest/embedded/run";
import type { RunRegistry } from "@/inngest/embedded/run-registry";
import type { WorkQueue } from "@/inngest/embedded/work-queue";

export interface ExecutorDependencies {
  context: EngineContext;
  queue: WorkQueue;
  registry: RunRegistry;
  listeners: EventListeners;
  handler(): ServeHandler;
  /** Starts another function's run for `step.invoke`; undefined when there is no such function. */
  invoke(functionId: string, data: Record<string, unknown>): Run | undefined;
}

/** One call into the SDK: for a planned step, or, without `stepId`, for whatever the function does next. */
interface Call {
  run: Run;
  stepId?: string;
  attempt: number;
}

// The limits of the real service (pages/docs/durable-execution/limits.mdx): a run that grows past them fails
// here as it would there, instead of filling the memory.
const MAX_STEPS = 1_000;
const MAX_STATE_CHARACTERS = 32 * 1024 * 1024;

/** Drives runs: one call to the SDK per queue item, and whatever the answer says next. */
export class Executor {
  readonly #parts: ExecutorDependencies;

  constructor(parts: ExecutorDependencies) {
    this.#parts = parts;
  }

  begin(run: Run): void {
    this.#discover(run);
  }

  /** Saves steps in the middle of a call. False: that call is no longer the run's current one. */
  checkpoint(runId: string, requestId: string | undefined, ops: readonly Op[]): boolean {
    const run = this.#parts.registry.get(runId);
    if (!run || requestId === undefined || run.checkpointing !== requestId) return false;
    for (const op of ops) this.#applyOp(run, op);
    return !run.outcome;
  }

  /** Ends a run in the middle of its call: the SDK is about to be told to stop, and its answer means nothing. */
  abandon(runId: string): void {
    const run = this.#parts.registry.get(runId);
    if (run)
      this.#parts.registry.settle(run, { status: "cancelled", runId, reason: "the job engine stopped" });
  }

  #enqueue(call: Call): void {
    const { run } = call;
    this.#parts.queue.add({
      slots: run.slots,
      rank: run.rank,
      isStale: () => run.outcome !== undefined,
      perform: () => this.#perform(call),
    });
  }

  async #perform(call: Call): Promise<void> {
    try {
      const answer =
        call.stepId === undefined ? await this.#look(call) : await this.#runStep(call, call.stepId);
      if (!call.run.outcome) this.#apply(call, answer);
    } catch (error) {
      // A fault of the engine itself: end the run by name instead of leaving it hanging.
      this.#fail(call.run, engineError(error instanceof Error ? error.message : String(error)));
    }
  }

  async #runStep({ run, attempt }: Call, stepId: string): Promise<Answer> {
    return (await callFunction(this.#parts.handler(), run, { attempt, stepId })).answer;
  }

  async #look({ run, attempt }: Call): Promise<Answer> {
    const requestId = randomUUID();
    run.discovery = "running";
    run.discoverAgain = false;
    run.checkpointing = requestId;
    const { answer, discoversEagerly } = await callFunction(this.#parts.handler(), run, {
      attempt,
      requestId,
    });
    run.checkpointing = undefined;
    run.discovery = "idle";
    run.eager ||= discoversEagerly;
    return answer;
  }

  #apply(call: Call, answer: Answer): void {
    switch (answer.kind) {
      case "completed":
        if (call.stepId === undefined) this.#complete(call.run, answer.data);
        else
          this.#fail(call.run, engineError(`step ${call.stepId} was asked for, the whole function answered`));
        return;
      case "failed":
        this.#fail(call.run, answer.error);
        return;
      case "retry":
        this.#retry(call, answer.error, answer.retryAfter);
        return;
      case "ops":
        this.#applyOps(call, answer.ops, answer.retryAfter);
    }
  }

  #applyOps(call: Call, ops: readonly Op[], retryAfter: string | undefined): void {
    const { run } = call;
    const finished = ops.map((op) => this.#applyOp(run, op));
    if (run.outcome) return;
    const failedStep = ops.find((op) => op.op === "StepError");
    if (failedStep) this.#retry(call, readError(failedStep.error), retryAfter);
    else if (run.discoverAgain || finished.includes(true)) this.#discover(run);
    else if (run.outstanding.size === 0 && run.discovery === "idle") {
      this.#fail(run, engineError("the function answered with nothing to do and is not finished"));
    }
  }

  /** True when the operation is done and the function may go on. */
  #applyOp(run: Run, op: Op): boolean {
    if (run.outcome) return false;
    switch (op.op) {
      case "StepRun":
        this.#save(run, op.id, { type: "data", data: op.data ?? null });
        return true;
      case "StepFailed":
        this.#save(run, op.id, { type: "error", error: readError(op.error) });
        return true;
      case "DiscoveryRequest":
        return true;
      case "RunComplete":
        this.#complete(run, op.data ?? null);
        return false;
      case "StepError":
        return false;
      default:
        this.#startOperation(run, op);
        return false;
    }
  }

  #startOperation(run: Run, op: Op): void {
    if (op.opts?.parallelMode === "race") run.eager = true;
    if (run.outstanding.has(op.id) || run.steps.has(op.id)) return;
    run.outstanding.add(op.id);
    if (op.op === "StepPlanned") {
      run.planned.add(op.id);
      this.#enqueue({ run, stepId: op.id, attempt: 0 });
      return;
    }
    const resume = (state: StepState) => {
      this.#save(run, op.id, state);
      if (!run.outcome) this.#discover(run);
    };
    const fault = startAsyncOperation({ ...this.#parts, run, op, resume });
    if (fault) this.#fail(run, fault);
  }

  /** One discovery at a time, and none while planned steps are still to come unless the run is a race. */
  #discover(run: Run): void {
    if (run.discovery === "running") run.discoverAgain = true;
    if (run.discovery !== "idle" || (run.planned.size > 0 && !run.eager)) return;
    run.discovery = "queued";
    this.#enqueue({ run, attempt: 0 });
  }

  #save(run: Run, stepId: string, state: StepState): void {
    run.outstanding.delete(stepId);
    run.planned.delete(stepId);
    if (run.steps.has(stepId)) return;
    run.steps.set(stepId, state);
    run.stack.push(stepId);
    run.stateCharacters += JSON.stringify(state).length;
    if (run.steps.size > MAX_STEPS) this.#fail(run, engineError(`a run may have ${MAX_STEPS} steps`));
    if (run.stateCharacters > MAX_STATE_CHARACTERS) {
      this.#fail(run, engineError("the results of the steps exceed 32 MiB"));
    }
  }

  #retry(call: Call, error: SerializedError, retryAfter: string | undefined): void {
    const { run, attempt } = call;
    if (attempt + 1 >= run.definition.maxAttempts) {
      this.#fail(run, error);
      return;
    }
    if (call.stepId === undefined) run.discovery = "queued";
    const delay = retryDelay(attempt, retryAfter, this.#parts.context.clock.now());
    this.#parts.registry.later(run, delay, () => this.#enqueue({ ...call, attempt: attempt + 1 }));
  }

  #complete(run: Run, data: unknown): void {
    this.#parts.registry.settle(run, { status: "completed", runId: run.id, data });
  }

  #fail(run: Run, error: SerializedError): void {
    this.#parts.registry.settle(run, { status: "failed", runId: run.id, error });
  }
}

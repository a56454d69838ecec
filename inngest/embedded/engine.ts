import { randomUUID } from "node:crypto";
import { type Admission, createAdmission } from "@/inngest/embedded/admission";
import { type CronSchedule, createCronSchedule } from "@/inngest/embedded/cron-schedule";
import type { ErrorContext } from "@/inngest/embedded/engine-context";
import { createEventIntake, type EventIntake } from "@/inngest/embedded/event-intake";
import { createEventListeners } from "@/inngest/embedded/event-listeners";
import { Executor } from "@/inngest/embedded/executor";
import { requestRegistration, type ServeHandler } from "@/inngest/embedded/function-call";
import {
  type CronTrigger,
  defineFunctions,
  type FunctionDefinition,
} from "@/inngest/embedded/function-definition";
import type { EngineEvent, Run, RunOutcome } from "@/inngest/embedded/run";
import { createRunRegistry, type RunRegistry } from "@/inngest/embedded/run-registry";
import { createServerFetch } from "@/inngest/embedded/server-routes";
import { systemTimers, type Timers } from "@/inngest/embedded/timers";
import { createWorkQueue, type WorkQueue } from "@/inngest/embedded/work-queue";
import type { Clock } from "@/lib/platform/clock";

export interface EmbeddedEngineOptions {
  clock: Clock;
  /** True for exactly one of all processes that ask for the same function and time: a unique row. */
  claimCron(functionId: string, scheduledAt: Date): Promise<boolean>;
  /** Every run that failed for good, and every cron claim that threw. */
  onError(error: unknown, context: ErrorContext): void;
  /** Calls into functions at the same time (default 100). */
  maxConcurrentRuns?: number;
  /** Runs held at the same time, sleeping ones included; beyond it sending answers 503 (default 100,000). */
  maxHeldRuns?: number;
  /** How long `stop` waits for running steps (default 10,000). */
  stopWithinMs?: number;
  timers?: Timers;
}

interface TriggerInput {
  data?: Record<string, unknown>;
  /** For functions with a cron: the tick to run it for. */
  scheduledAt?: Date;
}

interface EngineStats {
  /** Ready or waiting for a concurrency slot. */
  queued: number;
  running: number;
  /** Runs that are not over, sleeping and waiting ones included. */
  held: number;
  /** Waits and cancellations that listen for an event. */
  listening: number;
}

export interface EmbeddedEngine {
  /** For `new Inngest({ fetch })`: the SDK's calls to a server end here. */
  fetch: typeof fetch;
  /** Registers what `serve` of `inngest/edge` offers and arms its crons; again, to replace it after a change. */
  start(handler: ServeHandler): Promise<void>;
  /** Starts nothing new, waits for running steps, forgets the rest. */
  stop(): Promise<void>;
  /** When nothing is queued or running. Sleeping, waiting, debounced and retrying runs do not count. */
  idle(): Promise<void>;
  /** Runs a function once and tells how it ended. Names without the app's prefix are understood. */
  trigger(functionId: string, input?: TriggerInput): Promise<RunOutcome>;
  stats(): EngineStats;
}

/** Runs Inngest functions in this process, through the SDK's public seams, and remembers nothing afterwards. */
export function createEmbeddedEngine(options: EmbeddedEngineOptions): EmbeddedEngine {
  return new InProcessEngine(options);
}

const DEFAULT_CONCURRENT_RUNS = 100;
const DEFAULT_HELD_RUNS = 100_000;
const DEFAULT_STOP_WITHIN_MS = 10_000;

class InProcessEngine implements EmbeddedEngine {
  readonly fetch: typeof fetch;
  readonly #options: EmbeddedEngineOptions;
  readonly #timers: Timers;
  readonly #queue: WorkQueue;
  readonly #listeners = createEventListeners();
  readonly #intake: EventIntake;
  readonly #registry: RunRegistry;
  readonly #admission: Admission;
  readonly #crons: CronSchedule;
  #state: "new" | "running" | "stopped" = "new";
  #handler: ServeHandler | undefined;
  #definitions = new Map<string, FunctionDefinition>();
  #claiming = 0;
  #idleWaiters: (() => void)[] = [];

  constructor(options: EmbeddedEngineOptions) {
    this.#options = options;
    this.#timers = options.timers ?? systemTimers();
    const context = { clock: options.clock, timers: this.#timers, onError: options.onError };
    this.#queue = createWorkQueue({
      maxRunning: options.maxConcurrentRuns ?? DEFAULT_CONCURRENT_RUNS,
      onChange: () => this.#tellIdle(),
    });
    const listeners = this.#listeners;
    const maxRuns = options.maxHeldRuns ?? DEFAULT_HELD_RUNS;
    this.#intake = createEventIntake({
      context,
      listeners,
      maxRuns,
      admission: () => this.#admission,
      room: () =>
        maxRuns - Math.max(this.#registry.size(), this.#queue.queued()) - this.#admission.heldBack(),
    });
    this.#registry = createRunRegistry({ context, listeners, announce: this.#intake.announce });
    const executor = new Executor({
      context,
      listeners,
      queue: this.#queue,
      registry: this.#registry,
      handler: () => this.#serve(),
      invoke: (functionId, data) => this.#invoke(functionId, data),
    });
    this.#admission = createAdmission({
      context,
      registry: this.#registry,
      begin: (run) => executor.begin(run),
    });
    this.#crons = createCronSchedule({
      context,
      claim: (functionId, scheduledAt) => this.#claim(functionId, scheduledAt),
      fire: (definition, trigger, scheduledAt) =>
        this.#admission.launch(definition, [this.#cronEvent(trigger, scheduledAt)]),
    });
    this.fetch = createServerFetch({
      isOpen: () => this.#state === "running",
      register: (functions) => {
        this.#definitions = new Map(defineFunctions(functions).map((each) => [each.id, each]));
      },
      accept: this.#intake.accept,
      checkpoint: (runId, requestId, ops) => {
        if (this.#state === "running") return executor.checkpoint(runId, requestId, ops);
        executor.abandon(runId);
        return false;
      },
    });
  }

  async start(handler: ServeHandler): Promise<void> {
    if (this.#state === "stopped")
      throw new Error("a stopped job engine does not start again; make a new one");
    await requestRegistration(handler);
    this.#handler = handler;
    this.#state = "running";
    const definitions = [...this.#definitions.values()];
    this.#intake.subscribe(definitions);
    this.#crons.arm(definitions);
  }

  async stop(): Promise<void> {
    if (this.#state === "stopped") return;
    this.#state = "stopped";
    this.#crons.disarm();
    this.#admission.clear();
    this.#queue.close();
    await withinTime(this.idle(), this.#timers, this.#options.stopWithinMs ?? DEFAULT_STOP_WITHIN_MS);
    this.#registry.abandonAll("the job engine stopped");
    this.#listeners.clear();
    this.#intake.clear();
  }

  idle(): Promise<void> {
    return this.#isIdle() ? Promise.resolve() : new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  async trigger(functionId: string, input: TriggerInput = {}): Promise<RunOutcome> {
    const definition = this.#find(functionId);
    if (!definition || this.#state !== "running") {
      throw new Error(`there is no job function ${functionId} running here`);
    }
    const [cron] = definition.cronTriggers;
    const name = definition.eventTriggers[0]?.event ?? "inngest/function.invoked";
    const event =
      cron && !input.data
        ? this.#cronEvent(cron, input.scheduledAt ?? this.#options.clock.now())
        : this.#event(name, input.data ?? {});
    const run = this.#admission.launch(definition, [event]);
    return new Promise((resolve) => run.onSettled.push(resolve));
  }

  stats(): EngineStats {
    return {
      queued: this.#queue.queued(),
      running: this.#queue.running(),
      held: this.#registry.size(),
      listening: this.#listeners.size(),
    };
  }

  #serve(): ServeHandler {
    if (!this.#handler) throw new Error("the job engine has not been started");
    return this.#handler;
  }

  #find(functionId: string): FunctionDefinition | undefined {
    const exact = this.#definitions.get(functionId);
    return exact ?? [...this.#definitions.values()].find(({ id }) => id.endsWith(`-${functionId}`));
  }

  #invoke(functionId: string, data: Record<string, unknown>): Run | undefined {
    const definition = this.#definitions.get(functionId);
    return definition && this.#admission.launch(definition, [this.#event("inngest/function.invoked", data)]);
  }

  #event(name: string, data: Record<string, unknown>): EngineEvent {
    return { id: randomUUID(), name, data, ts: this.#options.clock.now().getTime() };
  }

  #cronEvent(trigger: CronTrigger, scheduledAt: Date): EngineEvent {
    const instant = scheduledAt.toISOString();
    return this.#event("inngest/scheduled.timer", {
      cron: trigger.expression,
      fireAt: instant,
      scheduledAt: instant,
    });
  }

  async #claim(functionId: string, scheduledAt: Date): Promise<boolean> {
    this.#claiming++;
    try {
      return await this.#options.claimCron(functionId, scheduledAt);
    } finally {
      // The claimed tick is launched in the turn after this one: it must not look idle in between.
      setImmediate(() => {
        this.#claiming--;
        this.#tellIdle();
      });
    }
  }

  #isIdle(): boolean {
    return this.#queue.queued() + this.#queue.running() + this.#claiming === 0;
  }

  #tellIdle(): void {
    if (!this.#isIdle()) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}

function withinTime(work: Promise<void>, timers: Timers, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(milliseconds, resolve);
    void work.then(() => {
      cancel();
      resolve();
    });
  });
}

import { Cron } from "croner";
import { parseDuration } from "@/inngest/embedded/duration";
import {
  type Condition,
  compileCondition,
  compileValue,
  type ValueReader,
} from "@/inngest/embedded/expression";
import type { RegisteredFunction } from "@/inngest/embedded/protocol";

export interface CronTrigger {
  expression: string;
  cron: Cron;
  jitterMs: number;
}

export interface FunctionDefinition {
  id: string;
  maxAttempts: number;
  eventTriggers: { event: string; condition?: Condition }[];
  cronTriggers: CronTrigger[];
  concurrency: { group: string; limit: number; key?: ValueReader }[];
  cancelOn: { event: string; condition?: Condition; timeoutMs?: number }[];
  priority?: ValueReader;
  idempotency?: ValueReader;
  debounce?: { key?: ValueReader; periodMs: number; timeoutMs?: number };
  throttle?: { key?: ValueReader; limit: number; periodMs: number; burst: number };
  singleton?: { key?: ValueReader; mode: "skip" | "cancel" };
  batch?: { key?: ValueReader; maxSize: number; timeoutMs: number };
}

/** What the real server uses for a function that names no number (pkg/consts of inngest/inngest). */
const DEFAULT_RETRIES = 4;

/** Throws one error that names every option, of every function, that this engine would not honour. */
export function defineFunctions(registered: readonly RegisteredFunction[]): FunctionDefinition[] {
  const faults: string[] = [];
  const definitions = registered.map((config) => {
    const attempt = <T>(option: string, build: () => T): T | undefined => {
      try {
        return build();
      } catch (error) {
        faults.push(`${config.id}: ${option}: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    };
    faults.push(...unsupportedOptions(config).map((fault) => `${config.id}: ${fault}`));
    return define(config, attempt);
  });
  if (faults.length > 0) {
    throw new Error(`The embedded job engine cannot run these functions:\n${faults.join("\n")}`);
  }
  return definitions;
}

type Attempt = <T>(option: string, build: () => T) => T | undefined;

function unsupportedOptions(config: RegisteredFunction): string[] {
  const faults: string[] = [];
  if (config.rateLimit !== undefined) faults.push("rateLimit is not supported, it drops work; use throttle");
  if (config.timeouts !== undefined) faults.push("timeouts is not supported");
  if (config.batchEvents?.if !== undefined) faults.push("batchEvents.if is not supported");
  if (config.batchEvents) {
    // The real server refuses the same combinations (pkg/inngest/function.go).
    if (config.cancel) faults.push("batchEvents cannot be combined with cancelOn");
    if (config.debounce) faults.push("batchEvents cannot be combined with debounce");
    if (config.singleton) faults.push("batchEvents cannot be combined with singleton");
    if (config.priority?.run !== undefined) faults.push("batchEvents cannot be combined with priority");
  }
  for (const event of [...config.triggers.flatMap((t) => ("event" in t ? [t.event] : []))]) {
    if (event.includes("*")) faults.push(`a trigger with a wildcard is not supported: ${event}`);
  }
  return faults;
}

function define(config: RegisteredFunction, attempt: Attempt): FunctionDefinition {
  const key = (option: string, source: string | undefined) =>
    source === undefined ? undefined : attempt(option, () => compileValue(source));
  const { debounce, throttle, singleton, batchEvents } = config;
  return {
    id: config.id,
    maxAttempts: (config.steps.step.retries?.attempts ?? DEFAULT_RETRIES) + 1,
    eventTriggers: defineEventTriggers(config, attempt),
    cronTriggers: config.triggers.flatMap((trigger) =>
      "cron" in trigger ? (attempt("cron", () => [defineCron(trigger)]) ?? []) : [],
    ),
    concurrency: defineConcurrency(config, attempt),
    cancelOn: (config.cancel ?? []).map((cancel) => ({
      event: cancel.event,
      condition: attempt("cancelOn", () => condition(cancel.if, ["event", "async"])),
      timeoutMs:
        cancel.timeout === undefined ? undefined : attempt("cancelOn", () => duration(cancel.timeout)),
    })),
    priority: key("priority", config.priority?.run),
    idempotency: key("idempotency", config.idempotency),
    debounce: debounce && {
      key: key("debounce", debounce.key),
      periodMs: attempt("debounce", () => duration(debounce.period)) ?? 0,
      timeoutMs:
        debounce.timeout === undefined ? undefined : attempt("debounce", () => duration(debounce.timeout)),
    },
    throttle: throttle && {
      key: key("throttle", throttle.key),
      limit: throttle.limit,
      periodMs: attempt("throttle", () => duration(throttle.period)) ?? 0,
      burst: throttle.burst ?? 1,
    },
    singleton: singleton && { key: key("singleton", singleton.key), mode: singleton.mode },
    batch: batchEvents && {
      key: key("batchEvents", batchEvents.key),
      maxSize: batchEvents.maxSize,
      timeoutMs: attempt("batchEvents", () => duration(batchEvents.timeout)) ?? 0,
    },
  };
}

function defineEventTriggers(config: RegisteredFunction, attempt: Attempt) {
  return config.triggers.flatMap((trigger) =>
    "event" in trigger
      ? [{ event: trigger.event, condition: attempt("if", () => condition(trigger.expression, ["event"])) }]
      : [],
  );
}

function defineConcurrency(config: RegisteredFunction, attempt: Attempt): FunctionDefinition["concurrency"] {
  return (config.concurrency ?? []).map((option: { limit: number; key?: string; scope?: string }, index) => {
    const { limit, key: source, scope = "fn" } = option;
    const key = source === undefined ? undefined : attempt("concurrency", () => compileValue(source));
    return { group: scope === "fn" ? `${config.id}#${index}` : `${scope}:${source ?? ""}`, limit, key };
  });
}

function condition(source: string | undefined, roots: readonly ("event" | "async")[]): Condition | undefined {
  return source === undefined ? undefined : compileCondition(source, roots);
}

function duration(text: string | undefined): number {
  const milliseconds = text === undefined ? undefined : parseDuration(text);
  if (milliseconds === undefined) throw new Error(`${text} is not a duration such as 30s or 1h30m`);
  return milliseconds;
}

function defineCron(trigger: { cron: string; jitter?: string }): CronTrigger {
  const [, timezone = "UTC", pattern = trigger.cron] =
    /^(?:CRON_)?TZ=(\S+)\s+(.+)$/.exec(trigger.cron.trim()) ?? [];
  return {
    expression: trigger.cron,
    cron: new Cron(pattern.trim(), { mode: "5-part", timezone, paused: true }),
    jitterMs: trigger.jitter === undefined ? 0 : duration(trigger.jitter),
  };
}

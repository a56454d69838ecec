import { randomUUID } from "node:crypto";
import type { FunctionDefinition } from "@/inngest/embedded/function-definition";
import type { SerializedError } from "@/inngest/embedded/protocol";
import type { ConcurrencySlot } from "@/inngest/embedded/work-queue";

export interface EngineEvent {
  id: string;
  name: string;
  data: Record<string, unknown>;
  ts: number;
  v?: string | null;
  user?: unknown;
  meta?: unknown;
}

export type StepState = { type: "data"; data: unknown } | { type: "error"; error: SerializedError };

export type RunOutcome =
  | { status: "completed"; runId: string; data: unknown }
  | { status: "failed"; runId: string; error: SerializedError }
  | { status: "cancelled"; runId: string; reason: string };

export interface Run {
  id: string;
  definition: FunctionDefinition;
  events: readonly [EngineEvent, ...EngineEvent[]];
  slots: readonly ConcurrencySlot[];
  /** Lower goes first. */
  rank: number;
  steps: Map<string, StepState>;
  /** Step ids in the order they were finished; the SDK replays in this order. */
  stack: string[];
  stateCharacters: number;
  /** Operations announced and not finished: planned steps, sleeps, waits, invocations. */
  outstanding: Set<string>;
  /** The planned steps among them. */
  planned: Set<string>;
  /** Look for what follows after every finished step, as a race needs it, not only after the last one. */
  eager: boolean;
  discovery: "idle" | "queued" | "running";
  discoverAgain: boolean;
  /** The call that may checkpoint; any other one is stale. */
  checkpointing?: string;
  /** Timers and listeners that end with the run. */
  cleanups: Set<() => void>;
  outcome?: RunOutcome;
  onSettled: ((outcome: RunOutcome) => void)[];
}

const HIGHEST_PRIORITY_SECONDS = 600;

export function createRun(
  definition: FunctionDefinition,
  events: readonly [EngineEvent, ...EngineEvent[]],
  now: Date,
): Run {
  const asked = Number(definition.priority?.(events[0]) ?? 0);
  const seconds = Number.isFinite(asked)
    ? Math.max(-HIGHEST_PRIORITY_SECONDS, Math.min(HIGHEST_PRIORITY_SECONDS, asked))
    : 0;
  return {
    id: randomUUID(),
    definition,
    events,
    slots: definition.concurrency.map(({ group, limit, key }) => ({
      id: key ? `${group}=${keyOf(key(events[0]))}` : group,
      limit,
    })),
    rank: now.getTime() - seconds * 1_000,
    steps: new Map(),
    stack: [],
    stateCharacters: 0,
    outstanding: new Set(),
    planned: new Set(),
    eager: false,
    discovery: "idle",
    discoverAgain: false,
    cleanups: new Set(),
    onSettled: [],
  };
}

/** One text per value, so that 1 and "1" stay different keys. */
export function keyOf(value: unknown): string {
  return JSON.stringify(value ?? null);
}

import type { Timers } from "@/inngest/embedded/timers";
import type { Clock } from "@/lib/platform/clock";

export interface ErrorContext {
  functionId?: string;
  runId?: string;
}

/** What every part of the engine works with. */
export interface EngineContext {
  clock: Clock;
  timers: Timers;
  onError(error: unknown, context: ErrorContext): void;
}

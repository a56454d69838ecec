import type { FaultOrder, Faults } from "@/sandbox/core/faults";
import { eventually } from "./eventually";

export interface HeldCalls {
  /** Resolves when the stand-in has so many of the calls in its hands, the first by default. */
  arrived(count?: number): Promise<void>;
  /** Lets them be worked on and answered. */
  open(): void;
}

/** Calls of an operation, one by default, stop at the stand-in before it does anything, for as long as the test likes. */
export function holdCalls(
  faults: Faults,
  operation: string,
  which: Pick<FaultOrder, "account" | "onCall" | "count"> = {},
): HeldCalls {
  const gate = Promise.withResolvers<void>();
  const fault = faults.arm({ ...which, operation, kind: "slow", until: gate.promise });
  return {
    arrived: (count = 1) => eventually(`${count} × ${operation}`, () => fault.struck >= count),
    open: () => gate.resolve(),
  };
}

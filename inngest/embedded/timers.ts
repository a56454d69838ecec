/** Delays behind an interface, so that tests move time instead of waiting for it. */
export interface Timers {
  /** Calls `run` once after `milliseconds`; the returned function cancels it and may be called at any time. */
  after(milliseconds: number, run: () => void): () => void;
}

// setTimeout fires at once for anything above a signed 32-bit number of milliseconds (about 24.8 days).
const LONGEST_TIMEOUT_MS = 2_147_483_647;

export function systemTimers(): Timers {
  return {
    after(milliseconds, run) {
      let handle: NodeJS.Timeout;
      const arm = (remaining: number) => {
        const slice = Math.min(remaining, LONGEST_TIMEOUT_MS);
        handle = setTimeout(() => (remaining > slice ? arm(remaining - slice) : run()), slice);
      };
      arm(Math.max(0, milliseconds));
      return () => clearTimeout(handle);
    },
  };
}

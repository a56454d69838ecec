import { setTimeout as sleep } from "node:timers/promises";

export interface Patience {
  limitMs: number;
  everyMs?: number;
  /** Made only when the limit is over. */
  onLimit: () => Error;
}

/** Polls until `probe` gives something other than undefined. Every wait has a limit, so nothing here hangs. */
export async function waitFor<T>(
  probe: () => Promise<T | undefined> | T | undefined,
  patience: Patience,
): Promise<T> {
  const end = performance.now() + patience.limitMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() >= end) throw patience.onLimit();
    await sleep(patience.everyMs ?? 50);
  }
}

/** The promise's value, or undefined when the limit passes first. */
export async function within<T>(promise: Promise<T>, limitMs: number): Promise<T | undefined> {
  const controller = new AbortController();
  const limit = sleep(limitMs, undefined, { signal: controller.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, limit]);
  } finally {
    controller.abort();
  }
}

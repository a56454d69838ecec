/** Remembers keys for a fixed time, and never more than `capacity` of them: the oldest are forgotten first. */
export interface ExpiringSet {
  /** True when the key was not remembered; it is from now on. */
  add(key: string, now: Date): boolean;
  has(key: string, now: Date): boolean;
  readonly size: number;
  clear(): void;
}

export function createExpiringSet(options: { lifetimeMs: number; capacity: number }): ExpiringSet {
  // A Map keeps insertion order and every key lives equally long, so the first ones are the first to expire.
  const expiries = new Map<string, number>();

  function forgetOld(now: Date): void {
    for (const [key, expiry] of expiries) {
      if (expiry > now.getTime() && expiries.size <= options.capacity) return;
      expiries.delete(key);
    }
  }

  function has(key: string, now: Date): boolean {
    const expiry = expiries.get(key);
    return expiry !== undefined && expiry > now.getTime();
  }

  return {
    add(key, now) {
      if (has(key, now)) return false;
      expiries.delete(key);
      expiries.set(key, now.getTime() + options.lifetimeMs);
      forgetOld(now);
      return true;
    },
    has,
    get size() {
      return expiries.size;
    },
    clear() {
      expiries.clear();
    },
  };
}

import type { Clock } from "./clock";

export interface LedgerEntry {
  sequence: number;
  at: number;
  method: string;
  path: string;
  query: string;
  account: string | undefined;
  operation: string;
  status: number;
  durationMs: number;
  /** The fault that struck it. */
  fault: string | undefined;
}

export interface LedgerFilter {
  operation?: (operation: string) => boolean;
  account?: string;
  status?: number;
  afterSequence?: number;
  limit?: number;
}

/** What was asked of the sandbox: the last requests in full, and counts for ever. No token is ever written down. */
export interface Ledger {
  record(entry: Omit<LedgerEntry, "sequence">): void;
  /** Newest first. */
  recent(filter?: LedgerFilter): LedgerEntry[];
  counts(): {
    total: number;
    byOperation: Record<string, number>;
    byDay: Record<string, Record<string, number>>;
  };
  /** Requests of one operation since the last reset. */
  count(operation: string): number;
  reset(): void;
}

const DAY_MS = 86_400_000;

export function createLedger(clock: Clock, capacity = 5_000): Ledger {
  let ring: LedgerEntry[] = [];
  let sequence = 0;
  const byOperation = new Map<string, number>();
  const byDay = new Map<number, Map<string, number>>();
  return {
    record(entry) {
      const slot = sequence % capacity;
      sequence += 1;
      ring[slot] = { ...entry, query: entry.query === "" ? "" : redactQuery(entry.query), sequence };
      increment(byOperation, entry.operation);
      const day = Math.floor(clock.ms() / DAY_MS);
      const today = byDay.get(day) ?? new Map<string, number>();
      byDay.set(day, today);
      increment(today, entry.operation);
    },
    recent: (filter = {}) => select(ring, sequence, filter),
    counts: () => ({
      total: [...byOperation.values()].reduce((sum, count) => sum + count, 0),
      byOperation: Object.fromEntries(byOperation),
      byDay: Object.fromEntries(
        [...byDay].map(([day, counts]) => [
          new Date(day * DAY_MS).toISOString().slice(0, 10),
          Object.fromEntries(counts),
        ]),
      ),
    }),
    count: (operation) => byOperation.get(operation) ?? 0,
    reset() {
      ring = [];
      sequence = 0;
      byOperation.clear();
      byDay.clear();
    },
  };
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function select(ring: readonly LedgerEntry[], newest: number, filter: LedgerFilter): LedgerEntry[] {
  const found: LedgerEntry[] = [];
  const limit = filter.limit ?? ring.length;
  for (let index = 0; index < ring.length && found.length < limit; index += 1) {
    const entry = ring[(newest - 1 - index + ring.length * 2) % ring.length];
    if (entry !== undefined && passes(entry, filter)) found.push(entry);
  }
  return found;
}

function passes(entry: LedgerEntry, filter: LedgerFilter): boolean {
  return (
    (filter.afterSequence === undefined || entry.sequence > filter.afterSequence) &&
    (filter.account === undefined || entry.account === filter.account) &&
    (filter.status === undefined || entry.status === filter.status) &&
    (filter.operation?.(entry.operation) ?? true)
  );
}

const SECRET_PARAMETERS =
  /([?&](?:access_token|id_token|token|code|code_verifier|client_secret|refresh_token)=)[^&]*/g;

function redactQuery(query: string): string {
  return query.replace(SECRET_PARAMETERS, "$1…");
}

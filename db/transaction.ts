import { sql } from "drizzle-orm";
import type { Database, Db, Tx } from "@/db/client";
import { prepared } from "@/db/prepared";
import { inLine } from "@/lib/platform/in-line";

const RETRIABLE = new Set(["40P01", "40001"]);

/** Each has a digit, unlike a socket's `EPIPE`. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** The SQLSTATE of a database error, looking through wrappers, or null. */
export function sqlState(error: unknown): string | null {
  return codesOf(error).find((code) => SQLSTATE.test(code)) ?? null;
}

/** No connection was to be had, or it broke: what was asked may have happened all the same, as after any lost answer. */
export function isDatabaseGone(error: unknown): boolean {
  return codesOf(error).some((code) => GONE.test(code));
}

/** A socket's codes, postgres.js's own, and the SQLSTATEs of a server that goes, comes up, or takes nobody more. */
const GONE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT|CONNECTION_(CLOSED|ENDED|DESTROYED)|57P0[123]|53300|08...)$/;

/** Outermost first. What a vendor did is no fault of the database, though sockets fail alike. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at.name === "ProviderError" || at.name === "OutboundError") return [];
    const code = (at as { code?: unknown }).code;
    if (typeof code === "string") codes.push(code);
  }
  return codes;
}

/** One READ COMMITTED transaction, repeated up to three times after a deadlock. `work` must be repeatable. */
export async function withTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return repeatAfterDeadlock(() => db.transaction(work));
}

/** For a transaction of one statement, which needs no begin and commit: repeated up to three times after a deadlock. */
export async function repeatAfterDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= 3 || !RETRIABLE.has(sqlState(error) ?? "")) throw error;
    }
  }
}

/**
 * The lock of a person's time. Every transaction that changes whether their time is free takes it as its first
 * statement, so that booking and import cannot cross. Released at commit.
 */
export async function lockProviderTime(tx: Tx, userId: string): Promise<void> {
  await prepared(tx).execute(sql`select pg_advisory_xact_lock(hashtextextended(${userId}, 7213))`);
}

/**
 * A transaction that holds one person's time. At most two of one person are in the pool at once; the others
 * wait here, so that a flood on one person leaves connections for everybody else.
 */
export async function withProviderTime<T>(
  db: Database,
  userId: string,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return inLine(`time ${userId}`, () =>
    withTransaction(db, async (tx) => {
      await lockProviderTime(tx, userId);
      return work(tx);
    }),
  );
}

/** The database's clock: for leases alone, whose holders may run on machines whose clocks differ. */
export async function databaseNow(db: Db): Promise<Date> {
  const [row] = await db.execute<{ ms: string }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as ms`,
  );
  return new Date(Number(row?.ms));
}

import { sql } from "drizzle-orm";

/** Longer than a refresh of tokens and the requests of one go. Leases run on the database's clock. */
const LEASE = sql.raw("interval '90 seconds'");

export const LEASE_FROM_NOW = sql`clock_timestamp() + ${LEASE}`;

/** Over a table or alias with leases: somebody is at it. One later than any is given was a wrong clock's. */
export function isLeased(alias: string) {
  return sql`coalesce(${sql.raw(alias)}.lease_until between clock_timestamp() and ${LEASE_FROM_NOW}, false)`;
}

import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as bookings from "@/db/schema/bookings";
import * as calendars from "@/db/schema/calendars";
import * as connections from "@/db/schema/connections";
import * as exported from "@/db/schema/exports";
import * as mails from "@/db/schema/mails";
import * as timeOff from "@/db/schema/time-off";
import * as users from "@/db/schema/users";
import * as watches from "@/db/schema/watches";
import * as work from "@/db/schema/work";

const schema = {
  ...users,
  ...connections,
  ...calendars,
  ...timeOff,
  ...bookings,
  ...exported,
  ...mails,
  ...watches,
  ...work,
};

export type Database = PostgresJsDatabase<typeof schema>;
/** Inside a transaction. Verbs that must not run alone ask for this type. */
export type Tx = Parameters<Parameters<Database["transaction"]>[0]>[0];
/** What reads accept: the pool or a transaction. */
export type Db = Database | Tx;

export interface DatabaseHandle {
  db: Database;
  /** LISTEN on one dedicated connection; `onReady` also runs after each re-connect. */
  listen(
    channel: string,
    onMessage: (payload: string) => void,
    onReady: () => void,
  ): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/**
 * Opens a pool. Lock waits are bounded, so a stuck transaction elsewhere becomes an error, not a hang. A `direct`
 * address beside the url says that the url is a pooler's, whose connections keep no prepared statement for us.
 * `onStatement` hears of each statement before it is sent.
 */
export function openDatabase(
  url: string,
  options: { max?: number; direct?: string; name?: string; onStatement?: (text: string) => void } = {},
): DatabaseHandle {
  const pooled = options.direct !== undefined && options.direct !== url;
  const sql = postgres(url, {
    max: options.max ?? 10,
    ...(pooled ? { prepare: false } : {}),
    onnotice: () => undefined,
    connection: {
      application_name: options.name ?? "entente",
      TimeZone: "UTC",
      lock_timeout: 15_000,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 10_000,
    },
  });
  const { onStatement } = options;
  let listener: ReturnType<typeof postgres> | undefined;
  return {
    db: drizzle(sql, { schema, ...(onStatement && { logger: { logQuery: onStatement } }) }),
    listen: async (channel, onMessage, onReady) => {
      listener ??= postgres(options.direct ?? url, { max: 1, onnotice: () => undefined });
      const { unlisten } = await listener.listen(channel, onMessage, onReady);
      return unlisten;
    },
    close: async () => {
      await Promise.all([listener?.end({ timeout: 2 }), sql.end({ timeout: 5 })]);
    },
  };
}

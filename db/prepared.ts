import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { Db } from "@/db/client";

const dialect = new PgDialect();

/**
 * For statements whose text never changes: each connection has them parsed once and keeps them under a name. Not
 * for a text that follows its values, like a list of parameters: every variant would stay on the connection.
 */
export function prepared(db: Db) {
  return {
    execute: async <T extends Record<string, unknown>>(statement: SQL): Promise<T[]> => {
      // A name is how the driver is told to prepare; the names on the connection are its own.
      const query = db._.session.prepareQuery(dialect.sqlToQuery(statement), undefined, "fixed", false);
      return (await query.execute()) as T[];
    },
  };
}

import { resolve } from "node:path";
import postgres, { type Sql, type TransactionSql } from "postgres";
import { type Migration, readMigrations } from "@/db/migration-files";

/** Why a database cannot be brought to this version; the message names the migration and the way on. */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MigrationError";
  }
}

export interface MigrationReport {
  applied: string[];
  /** In the database but not in this version: a newer one has run here. */
  ahead: string[];
}

/** Every process that migrates takes this advisory lock, whatever else uses the database. */
const LOCK = "7166453298513274";
const checkedIn = resolve(import.meta.dirname, "migrations");

/**
 * Brings a database to this version. Each migration is one transaction that takes the lock first, so that processes
 * starting together interleave safely, also behind a transaction pooler.
 */
export async function migrate(url: string, now: Date, directory = checkedIn): Promise<MigrationReport> {
  const migrations = readMigrations(directory);
  const sql = postgres(url, {
    max: 1,
    prepare: false,
    onnotice: () => undefined,
    connection: { application_name: "entente-migrate" },
  });
  try {
    await requireVersion(sql);
    const applied: string[] = [];
    for (;;) {
      const step = await sql.begin((tx) => applyNext(tx, migrations, now));
      if (step.name === undefined) return { applied, ahead: step.ahead };
      applied.push(step.name);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The names of migrations this database still lacks. Reads only. */
export async function pendingMigrations(url: string, directory = checkedIn): Promise<string[]> {
  const sql = postgres(url, { max: 1, prepare: false, connect_timeout: 10, onnotice: () => undefined });
  try {
    const [found] = await sql<
      { there: boolean }[]
    >`select to_regclass('schema_migrations') is not null as there`;
    const rows =
      found?.there === true ? await sql<{ name: string }[]>`select name from schema_migrations` : [];
    const done = new Set(rows.map(({ name }) => name));
    return readMigrations(directory)
      .map(({ name }) => name)
      .filter((name) => !done.has(name));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function requireVersion(sql: Sql): Promise<void> {
  const [row] = await sql<
    { version: number }[]
  >`select current_setting('server_version_num')::int as version`;
  if (row !== undefined && row.version >= 150_000) return;
  throw new MigrationError(`Entente needs PostgreSQL 15 or newer; this server reports ${row?.version}.`);
}

async function applyNext(
  tx: TransactionSql,
  migrations: Migration[],
  now: Date,
): Promise<{ name?: string; ahead: string[] }> {
  await takeLock(tx);
  await tx`create table if not exists schema_migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null
  )`;
  const rows = await tx<{ name: string; checksum: string }[]>`select name, checksum from schema_migrations`;
  const done = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const ahead = rows
    .map(({ name }) => name)
    .filter((name) => !migrations.some((known) => known.name === name));
  const next = nextOf(migrations, done);
  if (next === undefined) return { ahead };
  await apply(tx, next, now);
  return { name: next.name, ahead };
}

async function takeLock(tx: TransactionSql): Promise<void> {
  try {
    await tx`set local lock_timeout = '60s'`;
    await tx`select pg_advisory_xact_lock(${LOCK}::bigint)`;
  } catch (cause) {
    if (!hasCode(cause, "55P03")) throw cause;
    throw new MigrationError(
      "Another process has been migrating this database for a minute. Try again when it ended.",
      {
        cause,
      },
    );
  }
}

function nextOf(migrations: Migration[], done: Map<string, string>): Migration | undefined {
  for (const migration of migrations) {
    const checksum = done.get(migration.name);
    if (checksum === undefined) return migration;
    if (checksum !== migration.checksum) {
      throw new MigrationError(
        `Migration ${migration.name} was changed after this database applied it. ` +
          "Migrations are append-only: restore the file and write a new one.",
      );
    }
  }
  return undefined;
}

async function apply(tx: TransactionSql, migration: Migration, now: Date): Promise<void> {
  for (const [index, statement] of migration.statements.entries()) {
    try {
      await tx.unsafe(statement);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new MigrationError(
        `Migration ${migration.name}, statement ${index + 1}: ${reason}. Nothing of this migration was kept.`,
        { cause },
      );
    }
  }
  await tx`insert into schema_migrations (name, checksum, applied_at)
    values (${migration.name}, ${migration.checksum}, ${now})`;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

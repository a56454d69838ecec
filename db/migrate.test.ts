import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { migrate, pendingMigrations } from "@/db/migrate";
import { readMigrations } from "@/db/migration-files";
import { recordAudit } from "@/lib/organizations/audit";
import { OPERATOR } from "@/lib/organizations/operator";
import { createEmptyDatabase } from "@/tests/support/database";
import { createConnection, createPerson, testServices } from "@/tests/support/factories";

const now = new Date("2026-12-01T09:00:00Z");
const checkedIn = resolve(import.meta.dirname, "migrations");
const names = readMigrations(checkedIn).map(({ name }) => name);
const scratch = mkdtempSync(join(tmpdir(), "entente-migrations-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A copy of the checked-in migrations whose last file ends in `tail`. */
function altered(name: string, tail: string): string {
  const directory = join(scratch, name);
  cpSync(checkedIn, directory, { recursive: true });
  const last = names.at(-1) ?? "";
  const text = readMigrations(checkedIn).at(-1)?.statements.join("\n--> statement-breakpoint\n") ?? "";
  writeFileSync(join(directory, `${last}.sql`), `${text}\n${tail}`);
  return directory;
}

describe("migrate", () => {
  it("applies every migration once, then none", async () => {
    await using database = await createEmptyDatabase();
    expect(await pendingMigrations(database.url)).toEqual(names);
    expect(await migrate(database.url, now)).toEqual({ applied: names, ahead: [] });
    expect(await migrate(database.url, now)).toEqual({ applied: [], ahead: [] });
    expect(await pendingMigrations(database.url)).toEqual([]);
  });

  it("lets processes migrate at once, each migration running exactly once", async () => {
    await using database = await createEmptyDatabase();
    const reports = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, now)));
    expect(reports.flatMap(({ applied }) => applied).sort()).toEqual([...names].sort());
  });

  it("refuses a migration that was changed after it ran", async () => {
    await using database = await createEmptyDatabase();
    await migrate(database.url, now);
    await expect(migrate(database.url, now, altered("changed", "-- later thought"))).rejects.toThrow(
      /append-only/,
    );
  });

  it("keeps nothing of a migration that fails, and names the statement", async () => {
    await using database = await createEmptyDatabase();
    const directory = altered("broken", "--> statement-breakpoint\nselect no_such_column");
    await expect(migrate(database.url, now, directory)).rejects.toThrow(/statement \d+.*no_such_column/);
    expect(await migrate(database.url, now)).toEqual({ applied: [names.at(-1)], ahead: [] });
  });

  it("reports migrations of a newer version and leaves them", async () => {
    await using database = await createEmptyDatabase();
    await migrate(database.url, now);
    const client = postgres(database.url, { max: 1 });
    await client`insert into schema_migrations values ('9999_future', 'x', ${now})`;
    await client.end();
    expect((await migrate(database.url, now)).ahead).toEqual(["9999_future"]);
  });
});

describe("0008 on a database that is in use", () => {
  it("carries the marks of lists over and appoints the administrators of the command line alone", async () => {
    await using database = await createEmptyDatabase();
    await migrate(database.url, now);
    const { db, close } = openDatabase(database.url, { max: 1 });
    const [appointed, signedUp, provider] = await Promise.all([1, 2, 3].map(() => createPerson(db, { now })));
    if (!appointed || !signedUp || !provider) throw new Error("nobody");
    const connectionId = await createConnection(testServices(db, []), appointed);
    for (const [person, actor] of [
      [appointed, OPERATOR],
      [provider, OPERATOR],
      [signedUp, { type: "user", userId: signedUp.userId } as const],
    ] as const) {
      const subject = { type: "user", id: person.userId };
      await db.transaction((tx) =>
        recordAudit(tx, { ...person, actor, now }, { action: "user.created", subject }),
      );
    }
    await db.execute(sql`update memberships set role = 'provider' where user_id = ${provider.userId}`);
    await db.execute(sql`update calendar_connections set list_change_seq = 7, list_read_seq = 5`);
    await db.execute(sql`drop table calendar_lists`);
    await db.execute(sql`alter table memberships drop column appointed`);
    await db.execute(sql`delete from schema_migrations where name = '0008_apart_and_appointed'`);
    await migrate(database.url, now);
    expect([...(await db.execute(sql`select * from calendar_lists`))]).toEqual([
      { connection_id: connectionId, change_seq: 7, read_seq: 5 },
    ]);
    expect([...(await db.execute(sql`select user_id from memberships where appointed`))]).toEqual([
      { user_id: appointed.userId },
    ]);
    await close();
  });
});

import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { calendarSyncLogs } from "@/db/schema/calendars";
import { disconnect } from "@/lib/connections/disconnect";
import { lockOwnConnection } from "@/lib/connections/own-connection";
import { requestSync } from "@/lib/connections/request-sync";
import type { Services } from "@/lib/connections/services";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { createCalendar, createConnection, createPerson, testServices } from "@/tests/support/factories";
import { type GoogleBench, openGoogle } from "@/tests/support/google";

let database: TestDatabase;
let google: GoogleBench;
let services: Services;
beforeAll(async () => {
  [database, google] = await Promise.all([createTestDatabase({ max: 10 }), openGoogle()]);
  services = testServices(database.db, [google.provider]);
});
afterAll(async () => {
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
});

let accounts = 0;
async function connected() {
  const account = google.account(`locks-${++accounts}@example.test`);
  const person = await createPerson(database.db);
  const connectionId = await createConnection(services, person, account);
  const calendarId = await createCalendar(services, connectionId, person, { externalId: account.email });
  return { person, connectionId, calendarId };
}

/** Whether somebody waits for what the transaction of this backend holds. Asked from outside it: it sees one state. */
async function isWaitedFor(pid: number): Promise<boolean> {
  const [row] = await database.db.execute<{ waiting: boolean }>(
    sql`select exists (select from pg_stat_activity where ${pid}::int = any (pg_blocking_pids(pid))) as waiting`,
  );
  return row?.waiting ?? false;
}

it("a round ends while its connection is locked: who holds one and wants the calendar meets no deadlock", async () => {
  const { person, connectionId, calendarId } = await connected();
  const ended = await database.db.transaction(async (tx) => {
    const [backend] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await lockOwnConnection(tx, person.ctx(), connectionId);
    let outcome = "";
    const round = syncCalendar(services, calendarId, "schedule").then(({ status }) => {
      outcome = status;
    });
    round.catch(() => undefined);
    while (outcome === "" && !(await isWaitedFor(backend?.pid ?? 0)))
      await new Promise((go) => setTimeout(go, 5));
    return outcome;
  });
  expect(ended).toBe("succeeded");
});

it("whoever disconnects takes the calendars before their runs, as a round that ends does", async () => {
  const { person, connectionId, calendarId } = await connected();
  await requestSync(services, person.ctx(), connectionId);
  let leaving: Promise<void> = Promise.resolve();
  const runs = await database.db.transaction(async (tx) => {
    const [backend] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await tx.execute(sql`update calendars set failures = failures where id = ${calendarId}`);
    leaving = disconnect(services, person.ctx(), connectionId);
    leaving.catch(() => undefined);
    while (!(await isWaitedFor(backend?.pid ?? 0))) await new Promise((go) => setTimeout(go, 5));
    return tx
      .select()
      .from(calendarSyncLogs)
      .where(eq(calendarSyncLogs.calendarId, calendarId))
      .for("update", { noWait: true });
  });
  expect(runs).toMatchObject([{ status: "running" }]);
  await leaving;
});

it("a round whose end met a deadlock ends all the same", async () => {
  const { calendarId } = await connected();
  await database.db.execute(sql`create sequence deadlocks`);
  await database.db.execute(sql`create function meet_deadlock() returns trigger language plpgsql as $$
    begin
      if nextval('deadlocks') = 1 then raise exception using errcode = '40P01'; end if;
      return new;
    end $$`);
  await database.db.execute(sql`create trigger deadlock before update of cursor on calendars
    for each row execute function meet_deadlock()`);
  expect(await syncCalendar(services, calendarId, "schedule")).toMatchObject({ status: "succeeded" });
});

import { setTimeout as sleep } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { announce } from "@/db/live";
import { enqueue } from "@/db/outbox";
import { calendars } from "@/db/schema/calendars";
import { outbox } from "@/db/schema/work";
import { drainOutbox } from "@/inngest/drain-outbox";
import type { LiveMessage } from "@/inngest/live-hub";
import type { Runtime } from "@/inngest/runtime";
import { type Background, startBackground } from "@/inngest/start";
import { ProviderError } from "@/lib/providers/provider-error";
import { createProviders } from "@/lib/providers/registry";
import { syncAsked } from "@/lib/sync/sync-due";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { createCalendar, createConnection, createPerson, type Person } from "@/tests/support/factories";
import { type ScriptedVendor, scriptedVendor } from "@/tests/support/scripted-vendor";
import { createTestRuntime } from "@/tests/support/test-runtime";

let database: TestDatabase;
let runtime: Runtime;
let vendor: ScriptedVendor;
let running: Background | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  const made = createTestRuntime(database.url, {});
  vendor = scriptedVendor();
  runtime = { ...made, services: { ...made.services, providers: createProviders([vendor.provider]) } };
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(async () => {
  await runtime?.handle.close();
  await database?.drop();
});

async function readable(): Promise<{ person: Person; connectionId: string; calendarId: string }> {
  const { services } = runtime;
  const person = await createPerson(database.db);
  const connectionId = await createConnection(services, person);
  // Not due by itself: only the nudge can have read it.
  const nextSyncAt = new Date(services.clock.now().getTime() + 14 * 60_000);
  const calendarId = await createCalendar(services, connectionId, person, { nextSyncAt });
  return { person, connectionId, calendarId };
}

const ask = ({ connectionId, calendarId }: { connectionId: string; calendarId: string }) =>
  enqueue(
    database.db,
    { name: "calendar/sync.requested", data: { connectionId, calendarIds: [calendarId] } },
    runtime.services.clock.now(),
  );
const wasRead = async (calendarId: string) =>
  (await database.db.select().from(calendars)).some(
    (row) => row.id === calendarId && row.lastSyncedAt !== null,
  );
const waiting = async () => (await database.db.execute(sql`select from outbox`)).length;
const loseListeners = () =>
  database.db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query ilike 'listen %'`);

describe("the background of a process", () => {
  it("takes up at its start what was left in the outbox, and what comes later at once", async () => {
    const [before, after] = [await readable(), await readable()];
    await ask(before);
    running = await startBackground(runtime);
    await eventually("the nudge of before", () => wasRead(before.calendarId));
    await ask(after);
    await eventually("the nudge of after", () => wasRead(after.calendarId));
    await eventually("an empty outbox", async () => (await waiting()) === 0);
  });

  it("hears again after its listening connection was lost, and looks at what it missed", async () => {
    running = await startBackground(runtime);
    const { person, ...calendar } = await readable();
    const heard: LiveMessage[] = [];
    running.hub.subscribe(person.userId, (message) => heard.push(message));
    await loseListeners();
    await ask(calendar);
    await eventually("the nudge sent meanwhile", () => wasRead(calendar.calendarId));
    await eventually("a refresh of open pages", () => heard.some(({ type }) => type === "refresh"));
    await eventually("a live message", async () => {
      await announce(database.db, person.userId, ["history"]);
      return heard.some((message) => message.type === "changed" && message.topics.includes("history"));
    });
  });

  it("hands nothing more over once it was stopped, also after its listening connection was lost", async () => {
    running = await startBackground(runtime);
    const calendar = await readable();
    await loseListeners();
    await ask(calendar);
    await eventually("the nudge", () => wasRead(calendar.calendarId));
    await running.stop();
    running = undefined;
    await ask(calendar);
    await sleep(200);
    expect(await database.db.select({ attempts: outbox.attempts }).from(outbox)).toEqual([{ attempts: 0 }]);
    await database.db.delete(outbox);
  });

  it.each(["calendar/changed", "calendar/sync.requested"] as const)(
    "does not leave what %s could not read to the next tick",
    async (name) => {
      const { services } = runtime;
      running = await startBackground({ ...runtime, services: { ...services, random: () => 0 } });
      const { connectionId, calendarId } = await readable();
      await database.db.update(calendars).set({ changeSeq: sql`change_seq + 1` });
      vendor.script({ error: new ProviderError("transient") }, { error: new ProviderError("transient") });
      const before = vendor.requests.length;
      await enqueue(
        database.db,
        { name, data: { connectionId, calendarIds: [calendarId] } },
        services.clock.now(),
      );
      await eventually("the third try", () => wasRead(calendarId));
      expect(vendor.requests.length - before).toBe(3);
    },
  );

  it("leaves a vendor that asks for a minute to the tick", async () => {
    const { services } = runtime;
    const { calendarId } = await readable();
    vendor.script({ error: new ProviderError("rate_limited", { retryAfterMs: 60_000 }) });
    const { failed, again } = await syncAsked(services, [calendarId], { trigger: "manual" });
    expect({ failed, again }).toEqual({ failed: 1, again: [] });
  });

  it.each(["push", "manual"] as const)(
    "tries (%s) what is due then, though a timer come early; nothing that was read or failed meanwhile",
    async (trigger) => {
      const { services } = runtime;
      const { calendarId } = await readable();
      await database.db.update(calendars).set({ changeSeq: sql`change_seq + 1` });
      const fail = async (retryAfterMs: number) => {
        vendor.script({ error: new ProviderError("rate_limited", { retryAfterMs }) });
        const { again } = await syncAsked(services, [calendarId], { trigger });
        await database.db.update(calendars).set({ lastErrorKind: "transient" });
        return again[0]?.at;
      };
      const first = await fail(5_000);
      const later = await fail(60_000);
      expect([typeof first, later]).toEqual(["number", undefined]);
      const again = (retryAt: number | undefined) => syncAsked(services, [calendarId], { trigger, retryAt });
      expect(await again(first), "another failure waits longer").toMatchObject({ skipped: 1 });
      const [waits] = await database.db.select().from(calendars).where(eq(calendars.id, calendarId));
      const until = waits?.backoffUntil?.getTime();
      expect(await again(until), "its time has come").toMatchObject({ succeeded: 1, again: [] });
      const nextSyncAt = new Date(services.clock.now().getTime() + 14 * 60_000);
      await database.db.update(calendars).set({ nextSyncAt });
      expect(await again(until), "it was read meanwhile").toMatchObject({ skipped: 1, again: [] });
    },
  );

  it("tells a person's pages of that person's changes alone, and survives nonsense on its channel", async () => {
    running = await startBackground(runtime);
    const [one, other] = [await createPerson(database.db), await createPerson(database.db)];
    const heard: string[] = [];
    running.hub.subscribe(one.userId, (message) => heard.push(`one ${message.type}`));
    const leave = running.hub.subscribe(other.userId, (message) => heard.push(`other ${message.type}`));
    heard.length = 0;
    for (const text of ["", "{", '{"userId":1}']) {
      await database.db.execute(sql`select pg_notify('entente_live', ${text})`);
    }
    await announce(database.db, one.userId, ["calendar"]);
    await eventually("a message", () => heard.length > 0);
    expect(heard).toEqual(["one changed"]);
    leave();
    expect(running.hub.size()).toBe(1);
  });

  it("can be started again after a start that found no database", async () => {
    const nowhere = createTestRuntime("postgres://nobody@127.0.0.1:9/nowhere", {});
    await expect(startBackground(nowhere)).rejects.toThrow();
    await nowhere.handle.close();
    running = await startBackground(runtime);
    const calendar = await readable();
    await ask(calendar);
    await eventually("the nudge", () => wasRead(calendar.calendarId));
  });
});

describe("draining the outbox", () => {
  it("keeps what could not be handed over, and hands it over later under the same id", async () => {
    const now = runtime.services.clock.now();
    const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
    await ask({ connectionId: crypto.randomUUID(), calendarId: crypto.randomUUID() });
    const refused = drainOutbox(database.db, () => Promise.reject(new Error("the queue is down")), later(1));
    await expect(refused).rejects.toThrow("the queue is down");
    const sent: string[] = [];
    const send = async (nudges: { id: string }[]) => void sent.push(...nudges.map(({ id }) => id));
    expect(await drainOutbox(database.db, send, later(5))).toBe(0);
    expect(await drainOutbox(database.db, send, later(40))).toBe(1);
    expect(sent).toEqual([expect.stringMatching(/^outbox-\d+$/)]);
    expect(await waiting()).toBe(0);
  });

  it("by several at once hands every nudge over once", async () => {
    for (let more = 0; more < 450; more += 1) {
      await ask({ connectionId: crypto.randomUUID(), calendarId: crypto.randomUUID() });
    }
    const sent: string[] = [];
    const send = async (nudges: { id: string }[]) => void sent.push(...nudges.map(({ id }) => id));
    const now = new Date(runtime.services.clock.now().getTime() + 1_000);
    await Promise.all([1, 2, 3].map(() => drainOutbox(database.db, send, now)));
    expect(sent).toHaveLength(450);
    expect(new Set(sent).size).toBe(450);
  });
});

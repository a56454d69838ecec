import { setTimeout as pause } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { JOBS } from "@/inngest/jobs";
import { disconnect } from "@/lib/connections/disconnect";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import type { FaultOrder } from "@/sandbox/core/faults";
import {
  comeBack,
  connectAs,
  connectWorld,
  decide,
  leave,
  outcomeOf,
  type SignedInPerson,
  signIn,
} from "@/tests/support/connect-world";
import { eventually } from "@/tests/support/eventually";
import { holdCalls } from "@/tests/support/held-calls";

const ACCOUNT = "alice@example.test";
const MINUTE_MS = 60_000;

const world = connectWorld();
let person: SignedInPerson;
let connectionId: string;
let calendarId: string;

beforeEach(async () => {
  await world.database.db.delete(calendarConnections);
  person = await signIn(world);
  expect(await connectAs(world, person)).toBe("connected");
  const [connection] = await world.database.db.select().from(calendarConnections);
  connectionId = connection?.id ?? "";
  const [calendar] = await world.database.db.select().from(calendars).where(eq(calendars.selected, true));
  calendarId = calendar?.id ?? "";
});

const services = () => world.runtime.services;
const ctx = () => person.ctx(services().clock.now());
const goAway = () => disconnect(services(), ctx(), connectionId);
const sync = () => syncCalendar(services(), calendarId, "schedule");
const finish = () => JOBS["finish-disconnects"](services());
const asked = (operation: string) => world.sandbox.ledger.count(operation);
const grantLives = () => [...world.sandbox.oauth.grants.values()].some(({ account }) => account === ACCOUNT);
const hold = (operation: string, onCall = 1) => holdCalls(world.sandbox.faults, operation, { onCall });

/** Rows of imported data and of access, whoever they name. */
async function remains(): Promise<Record<string, number>> {
  const [counts] = await world.database.db.execute<Record<string, number>>(sql`select
    (select count(*)::int from calendar_sync_events where user_id = ${person.userId}) as events,
    (select count(*)::int from unavailabilities where user_id = ${person.userId}) as blocks,
    (select count(*)::int from calendars where connection_id = ${connectionId}) as calendars,
    (select count(*)::int from oauth_tokens where connection_id = ${connectionId}) as tokens`);
  return counts ?? {};
}
const NOTHING = { events: 0, blocks: 0, calendars: 0, tokens: 0 };

async function expectGone(): Promise<void> {
  expect(await remains()).toEqual(NOTHING);
  const [counts] = await world.database.db.execute<Record<string, number>>(sql`select
    (select count(*)::int from calendar_connections where id = ${connectionId}) as connections,
    (select count(*)::int from disconnections where connection_id = ${connectionId}) as disconnections,
    (select count(*)::int from calendar_sync_logs where connection_id = ${connectionId}) as runs`);
  expect(counts).toEqual({ connections: 0, disconnections: 0, runs: 0 });
  expect(grantLives()).toBe(false);
}

describe("a disconnect in the middle of a sync", () => {
  it.each([
    ["the first page is on its way", 1, 20],
    ["a later page is on its way and the first is written", 3, 2_700],
  ])("while %s leaves nothing, and the late worker writes nothing", async (_when, onCall, count) => {
    const bulk = { account: ACCOUNT, count, days: 80 };
    await fetch(`${world.sandboxOrigin}/sandbox/api/calendar/bulk`, {
      method: "POST",
      body: JSON.stringify(bulk),
    });
    const page = hold("calendar.events.list", onCall);
    const worker = sync();
    await page.arrived();
    if (onCall > 1)
      await eventually("page 1 is written", async () => Number((await remains()).events) > 2_000);
    await goAway();
    expect(await remains()).toEqual(NOTHING);
    page.open();
    expect((await worker).status).not.toBe("succeeded");
    expect(await remains()).toEqual(NOTHING);
    await finish();
    await expectGone();
  });
});

describe("a disconnect while other work of the connection is on its way", () => {
  it("a token that comes back late is not kept", async () => {
    world.sandbox.vault.expireAccess(ACCOUNT);
    const refresh = hold("oauth.token.refresh");
    const worker = sync();
    await refresh.arrived();
    await goAway();
    refresh.open();
    expect((await worker).status).not.toBe("succeeded");
    expect(await remains()).toEqual(NOTHING);
    await finish();
    await expectGone();
  });

  it("a list of calendars that comes back late is not kept", async () => {
    const list = hold("calendar.calendarList.list");
    const worker = refreshCalendars(services(), connectionId);
    await list.arrived();
    await goAway();
    list.open();
    expect(await worker).toBeNull();
    expect(await remains()).toEqual(NOTHING);
    await finish();
    await expectGone();
  });
});

describe("a disconnect with a dead token", () => {
  it("leaves nothing, although the vendor no longer knows us", async () => {
    expect((await sync()).status).toBe("succeeded");
    world.sandbox.vault.revoke(ACCOUNT);
    expect(await sync()).toMatchObject({ status: "failed", errorCode: "reauthorization_required" });
    expect((await remains()).events).toBeGreaterThan(0);
    await goAway();
    expect(await remains()).toEqual(NOTHING);
    await finish();
    await expectGone();
  });
});

describe("a disconnect while the vendor is down", () => {
  it.each<FaultOrder["kind"]>(["unavailable", "reset_before", "reset_after", "bad_gateway"])(
    "(%s) leaves nothing here at once and ends the grant when the vendor is back",
    async (kind) => {
      expect((await sync()).status).toBe("succeeded");
      world.sandbox.faults.arm({ operation: "oauth", kind, count: 0 });
      await goAway();
      expect(await remains()).toEqual(NOTHING);
      for (let attempt = 0; attempt < 4; attempt += 1) {
        await finish();
        world.wait(MINUTE_MS);
      }
      expect(asked("oauth.revoke")).toBeLessThanOrEqual(4);
      world.sandbox.faults.disarm();
      world.wait(15 * MINUTE_MS);
      await finish();
      await expectGone();
    },
  );
});

describe("a disconnect asked for twice", () => {
  it("at once and again is one, with one revocation", async () => {
    await sync();
    await Promise.all([goAway(), goAway(), goAway()]);
    await goAway();
    await Promise.all([finish(), finish()]);
    expect(asked("oauth.revoke")).toBe(1);
    await expectGone();
    await expect(goAway()).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a disconnect and a reconnect at the same time", () => {
  const away = () => goAway().catch(() => undefined);

  /** Each is first once; in all other rounds chance decides. */
  async function cross(round: number, back: () => Promise<Response>): Promise<Response> {
    if (round === 0) return away().then(back);
    if (round === 1) {
      const answer = await back();
      await away();
      return answer;
    }
    const [answer] = await Promise.all([
      pause((round % 4) * 15).then(back),
      pause(((round + 2) % 5) * 15).then(away),
      finish(),
    ]);
    return answer;
  }

  it("end with one of the two whole: a living connection that can read, or nothing at all", async () => {
    const endings = new Set<string>();
    for (let round = 0; round < 12; round += 1) {
      const consent = await leave(world, person, `?integrationId=${connectionId}`);
      const callback = await decide(world, consent);
      const answer = await cross(round, () => comeBack(world, callback, person.cookie));
      world.wait(2 * MINUTE_MS);
      await finish();
      endings.add(String(outcomeOf(answer)));
      const living = await world.database.db.select().from(calendarConnections);
      if (living.length === 0) {
        await expectGone();
        expect(await connectAs(world, person)).toBe("connected");
      }
      const [row, ...more] = await world.database.db.select().from(calendarConnections);
      expect(more).toEqual([]);
      connectionId = row?.id ?? "";
      const [calendar] = await world.database.db.select().from(calendars).where(eq(calendars.selected, true));
      calendarId = calendar?.id ?? "";
      expect(row).toMatchObject({ disconnectingAt: null, reconnectReason: null });
      expect((await sync()).status).toBe("succeeded");
      expect(grantLives()).toBe(true);
    }
    expect(endings.size).toBeGreaterThan(1);
  });
});

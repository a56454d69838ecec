import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DatabaseHandle, openDatabase } from "@/db/client";
import { calendars } from "@/db/schema/calendars";
import { notifications } from "@/db/schema/notifications";
import { disconnect } from "@/lib/connections/disconnect";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import type { Services } from "@/lib/connections/services";
import { updateSettings } from "@/lib/connections/settings";
import { ProviderError, type ProviderErrorKind } from "@/lib/providers/provider-error";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { calendarWorld } from "@/tests/support/calendar-world";
import { createCalendar, createConnection, createPerson } from "@/tests/support/factories";

const world = calendarWorld();
let other: DatabaseHandle;
const statements: string[] = [];
beforeAll(async () => {
  other = openDatabase(world.database.url, { max: 10, onStatement: (text) => statements.push(text) });
});
afterAll(() => other?.close());

/** The same installation as another process has it: a pool of its own. */
let elsewhere: Services;

beforeEach(() => {
  elsewhere = { ...world.services, db: other.db };
});

const round = (id = world.calendarId, on = world.services) => {
  world.clock.advance(5 * 60_000);
  return syncCalendar(on, id, "schedule");
};

async function fail(
  times: number,
  kind: ProviderErrorKind = "transient",
  id = world.calendarId,
): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    world.vendor.script({ error: new ProviderError(kind) });
    await round(id);
  }
}

const told = () =>
  world.database.db
    .select()
    .from(notifications)
    .where(eq(notifications.userId, world.person.userId))
    .orderBy(notifications.createdAt);
const states = async () => (await told()).map(({ kind, resolvedAt }) => [kind, resolvedAt === null]);
const OPEN = ["sync_failing", true];
const OVER = ["sync_failing", false];

describe("a calendar that keeps failing", () => {
  it("is told to its owner with the third failure, once however long it lasts", async () => {
    await fail(2);
    expect(await states()).toEqual([]);
    await fail(1);
    expect(await told()).toMatchObject([
      {
        kind: "sync_failing",
        subjectType: "integration",
        subjectId: world.connectionId,
        params: { provider: "google", calendar: "Work", code: "transient" },
        createdAt: world.clock.now(),
        readAt: null,
        resolvedAt: null,
      },
    ]);
    await fail(5);
    expect(await states()).toEqual([OPEN]);
  });

  it("is over with its first good round, and told again when it begins anew", async () => {
    await fail(4);
    await round();
    expect(await told()).toMatchObject([{ resolvedAt: world.clock.now() }]);
    await fail(2);
    await round();
    expect(await states()).toEqual([OVER]);
    await fail(3);
    expect(await states()).toEqual([OVER, OPEN]);
  });

  it("is over when the last one of its connection is read again, also when two recover at once", async () => {
    const second = await world.addCalendar();
    await fail(3);
    await fail(3, "transient", second);
    expect(await states()).toEqual([OPEN]);
    await round();
    expect(await states()).toEqual([OPEN]);
    await fail(3);
    expect(await states()).toEqual([OPEN]);
    world.clock.advance(5 * 60_000);
    await Promise.all([
      syncCalendar(world.services, world.calendarId, "schedule"),
      syncCalendar(elsewhere, second, "schedule"),
    ]);
    expect(await states()).toEqual([OVER]);
  });

  it("is told once by two processes whose calendars fail at the same moment", async () => {
    const second = await world.addCalendar();
    await fail(2);
    await fail(2, "transient", second);
    world.vendor.script({ error: new ProviderError("transient") }, { error: new ProviderError("transient") });
    world.clock.advance(5 * 60_000);
    await Promise.all([
      syncCalendar(world.services, world.calendarId, "schedule"),
      syncCalendar(elsewhere, second, "schedule"),
    ]);
    expect(await states()).toEqual([OPEN]);
  });

  it("is noted and told together or not at all, so that a crash between the two loses neither", async () => {
    await fail(2);
    world.vendor.script({ error: new ProviderError("transient") });
    world.clock.advance(5 * 60_000);
    const crash = new Error("the process died before the commit");
    const dying = world.database.db.transaction(async (tx) => {
      await syncCalendar(
        { ...world.services, db: tx as unknown as Services["db"] },
        world.calendarId,
        "schedule",
      );
      const seen = await tx.select().from(notifications).where(eq(notifications.userId, world.person.userId));
      expect(seen).toHaveLength(1);
      throw crash;
    });
    await expect(dying).rejects.toBe(crash);
    const [row] = await world.database.db.select().from(calendars).where(eq(calendars.id, world.calendarId));
    expect([row?.failures, await states()]).toEqual([2, []]);
    await fail(1);
    expect(await states()).toEqual([OPEN]);
  });
});

describe("what was told of it ends when", () => {
  beforeEach(() => fail(3, "permission_denied"));
  const save = (body: unknown) => updateSettings(world.services, world.ctx(), world.connectionId, body);

  it("its calendar is unchecked, and not when another one is", async () => {
    const second = await world.addCalendar();
    await save({ calendars: [{ id: second, checkForConflicts: false }] });
    expect(await states()).toEqual([OPEN]);
    await save({ calendars: [{ id: world.calendarId, checkForConflicts: false }] });
    expect(await states()).toEqual([OVER]);
  });

  it("nothing is imported any more, and begins anew when it is and still fails", async () => {
    await save({ importEnabled: false });
    expect(await states()).toEqual([OVER]);
    await save({ importEnabled: true });
    await fail(1, "permission_denied");
    expect(await states()).toEqual([OVER, OPEN]);
  });

  it("its connection leaves", async () => {
    await disconnect(world.services, world.ctx(), world.connectionId);
    expect(await states()).toEqual([OVER]);
  });

  it("only its owner can bring the connection back: then that is told instead", async () => {
    const input = {
      connectionId: world.connectionId,
      generation: 1,
      reason: "revoked" as const,
      now: world.clock.now(),
    };
    await requireReconnect(world.services.db, input);
    await requireReconnect(world.services.db, input);
    expect(await states()).toEqual([OVER, ["reconnect_required", true]]);
    expect((await told())[1]).toMatchObject({ subjectId: world.connectionId, params: { reason: "revoked" } });
    await disconnect(world.services, world.ctx(), world.connectionId);
    expect(await states()).toEqual([OVER, ["reconnect_required", false]]);
  });
});

it("a token that is dead counts as that alone", async () => {
  await fail(4, "reauthorization_required");
  expect(await states()).toEqual([]);
});

it("a vendor's outage costs each connection one notice, and each further round of it two statements", async () => {
  const CONNECTIONS = 40;
  const people = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const one = await createPerson(world.database.db);
      return createCalendar(world.services, await createConnection(world.services, one), one);
    }),
  );
  const before = await countAll();
  const costs: number[] = [];
  for (let cycle = 1; cycle <= 6; cycle += 1) {
    world.vendor.script(...people.map(() => ({ error: new ProviderError("transient") })));
    world.clock.advance(5 * 60_000);
    statements.length = 0;
    await Promise.all(people.map((id) => syncCalendar(elsewhere, id, "schedule")));
    costs.push(statements.length / CONNECTIONS);
  }
  expect((await countAll()) - before).toBe(CONNECTIONS);
  const [usual = 0, , third = 0, fourth = 0] = costs;
  expect(third - usual, "the row held, the notice and its announcement").toBe(3);
  expect(costs.slice(3)).toEqual([fourth, fourth, fourth]);
  expect(fourth - usual, "the row held, and a look whether it was told").toBe(2);
});

async function countAll(): Promise<number> {
  const [row] = await world.database.db.execute<{ rows: number }>(
    sql`select count(*)::int as rows from notifications`,
  );
  return row?.rows ?? 0;
}

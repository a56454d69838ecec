import { and, eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections, calendarLists } from "@/db/schema/connections";
import { calendarWatches } from "@/db/schema/watches";
import { JOBS } from "@/inngest/jobs";
import { performOutbox } from "@/inngest/perform-outbox";
import { disconnect } from "@/lib/connections/disconnect";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import type { Services } from "@/lib/connections/services";
import { updateSettings } from "@/lib/connections/settings";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";
import { ProviderError } from "@/lib/providers/provider-error";
import { createProviders } from "@/lib/providers/registry";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { returnToPresent } from "@/lib/sync/return-to-present";
import { DAY_MS, MINUTE_MS, pushWorld } from "@/tests/support/push-world";

const world = pushWorld();
let second: string;

beforeEach(async () => {
  second = (await act<{ id: string }>("create", { summary: "Second" })).id;
  await refreshCalendars(world.services, world.connectionId);
  await world.renew();
  await world.deliver();
  world.google.sandbox.ledger.reset();
});

const act = <T>(what: string, body: object) =>
  world.google.act<T>(`calendars/${what}`, { account: world.account.email, ...body });
const reads = () => world.asked("calendar.calendarList.list");
const lists = () =>
  world.database.db
    .select()
    .from(calendarWatches)
    .where(
      and(eq(calendarWatches.connectionId, world.connectionId), eq(calendarWatches.subject, "calendar_list")),
    );
const connection = async () => {
  const [row] = await world.database.db
    .select()
    .from(calendarConnections)
    .where(eq(calendarConnections.id, world.connectionId));
  if (row === undefined) throw new Error("the connection is gone");
  return row;
};
const marks = async () => {
  const [row] = await world.database.db
    .select()
    .from(calendarLists)
    .where(eq(calendarLists.connectionId, world.connectionId));
  return row ?? { changeSeq: 0, readSeq: 0 };
};
const named = async () => {
  const rows = await world.database.db
    .select()
    .from(calendars)
    .where(eq(calendars.connectionId, world.connectionId));
  return rows.map(({ name }) => name).sort();
};
const mine = () => world.account.email;
/** Services whose vendor has answered with its list when `meanwhile` happens. */
const reading = (meanwhile: () => Promise<unknown>): Services => {
  const { provider } = world.google;
  const listCalendars: CalendarProvider["listCalendars"] = async (access) => {
    const listed = await provider.listCalendars(access);
    await meanwhile();
    return listed;
  };
  const providers = createProviders([{ ...provider, listCalendars }]);
  return { ...world.services, providers };
};

describe("what happens to an account's calendars", () => {
  it("is here without any schedule: added, renamed, shared otherwise, removed", async () => {
    expect(await lists()).toMatchObject([{ calendarId: null, verifiedAt: expect.any(Date), missed: 0 }]);
    expect(reads()).toBe(0); // The sync message says nothing of a change.

    await act("create", { summary: "Third" });
    expect(await world.deliver()).toBe(1);
    expect(await named()).toEqual(["Second", "Third", mine()].sort());

    await act("change", { calendarId: second, summary: "Renamed" });
    expect(await world.deliver()).toBe(1);
    expect(await named()).toContain("Renamed");

    const colleague = world.google.account(`colleague-of-${mine()}`).email;
    const { id: shared } = await world.google.act<{ id: string }>("calendars/create", {
      account: colleague,
      summary: "Shared",
    });
    const share = (role: string) =>
      world.google.act("calendars/share", {
        account: colleague,
        calendarId: shared,
        with: mine(),
        role,
      });
    for (const [role, canWrite] of [
      ["writer", true],
      ["reader", false],
    ] as const) {
      await share(role);
      await world.deliver();
      const [row] = await world.database.db.select().from(calendars).where(eq(calendars.externalId, shared));
      expect(row).toMatchObject({ accessRole: role, canWrite, selected: false });
    }

    await act("delete", { calendarId: second });
    await world.deliver();
    expect(await named()).toEqual(["Shared", "Third", mine()].sort());
    const { changeSeq, readSeq } = await marks();
    expect(readSeq).toBe(changeSeq);
  });

  it("is taken down while others hold the connection, as a disconnect does", async () => {
    await act("create", { summary: "Third" });
    const before = await marks();
    world.server.answers.length = 0;
    await world.database.db.transaction(async (tx) => {
      await tx
        .select()
        .from(calendarConnections)
        .where(eq(calendarConnections.id, world.connectionId))
        .for("update");
      await world.control("channels/deliver", {});
      expect(world.server.answers).toContain(204);
      expect((await marks()).changeSeq).toBeGreaterThan(before.changeSeq);
    });
    expect((await performOutbox(world.services)).nudges).toBe(1);
    expect(await named()).toContain("Third");
  });

  it("costs two readings at most, however often it is told", async () => {
    const told = async (count: number) => {
      for (let n = 0; n < count; n += 1)
        await act("change", { calendarId: second, summary: `Name ${Math.random()}` });
      await world.control("channels/deliver", {});
    };
    await told(20);
    expect((await performOutbox(world.services)).nudges).toBe(1);
    expect(reads()).toBe(1);

    // Twenty more while the list is read: one more reading for all of them, and no nudge.
    let during: Promise<void> | null = told(1);
    await during;
    const slow = {
      operation: "calendar.calendarList.list",
      account: mine(),
      kind: "slow",
      count: 1,
    } as const;
    world.google.sandbox.faults.arm({ ...slow, delayMs: 300 });
    world.google.sandbox.ledger.reset();
    const working = performOutbox(world.services);
    during = told(20);
    await during;
    expect((await working).nudges).toBe(1);
    expect(reads()).toBeLessThanOrEqual(2);
    expect((await performOutbox(world.services)).nudges).toBe(0);
    const { changeSeq, readSeq } = await marks();
    expect(readSeq).toBe(changeSeq);
  });

  it("costs two readings at most while it is told on and on; the job reads the rest", async () => {
    const told = () => act("change", { calendarId: second, summary: `Name ${Math.random()}` });
    const whileRead = reading(async () => {
      await told();
      await world.control("channels/deliver", {});
    });
    await told();
    await world.control("channels/deliver", {});
    expect((await performOutbox(whileRead)).nudges).toBe(1);
    expect(reads()).toBe(2);
    expect((await performOutbox(world.services)).nudges).toBe(0);
    expect(await world.renew()).toMatchObject({ listsRead: 1 });
    const { changeSeq, readSeq } = await marks();
    expect(readSeq).toBe(changeSeq);
  });

  it("is not overwritten by a reading that began before and ends after another", async () => {
    world.set("drop", 100);
    let others = 0;
    const slow = reading(async () => {
      if (others++ > 0) return;
      await act("create", { summary: "Made meanwhile" });
      world.clock.advance(1_000);
      await refreshCalendars(world.services, world.connectionId);
    });
    await refreshCalendars(slow, world.connectionId);
    expect(await named()).toContain("Made meanwhile");
  });

  it("is read by the job when the nudge was lost or the reading failed", async () => {
    await act("change", { calendarId: second, summary: "Lost" });
    world.google.sandbox.faults.arm({
      operation: "calendar.calendarList.list",
      account: mine(),
      kind: "unavailable",
      count: 1,
    });
    await world.control("channels/deliver", {});
    expect(await performOutbox(world.services)).toEqual({ nudges: 1, failed: 1 });
    await act("change", { calendarId: second, summary: "Lost again" });
    expect(await world.deliver()).toBe(0); // Something waits already, so nobody is nudged.
    expect(await world.renew()).toMatchObject({ listsRead: 1 });
    expect(await named()).toContain("Lost again");
    expect(await world.renew()).toMatchObject({ listsRead: 0 });
  });

  it("that nobody told of is found by the daily reading, twice of which replace the watch", async () => {
    const [old] = await lists();
    world.clock.advance(1_000);
    await refreshCalendars(world.services, world.connectionId);
    world.set("drop", 100);
    for (const missed of [1, 2]) {
      await act("change", { calendarId: second, summary: `Untold ${missed}` });
      await world.deliver();
      world.pass(DAY_MS + MINUTE_MS);
      await JOBS["refresh-calendars"](world.services);
      expect(await named()).toContain(`Untold ${missed}`);
      expect(await lists()).toMatchObject([{ missed }]);
    }
    world.set("drop", 0);
    expect(await world.renew()).toMatchObject({ lists: 1 });
    await world.deliver();
    await world.renew();
    const [fresh, ...others] = await lists();
    expect(others).toEqual([]);
    expect(fresh?.id).not.toBe(old?.id);
    expect(fresh).toMatchObject({ missed: 0 });
  });
});

describe("the list's watch", () => {
  it("is renewed with overlap: the old one stops when the new one was heard", async () => {
    const [old] = await lists();
    world.set("delay", 60);
    world.pass(6.2 * DAY_MS);
    expect(await world.renew()).toMatchObject({ lists: 1 });
    expect(await lists()).toHaveLength(2);
    await world.deliver();
    world.set("delay", 0);
    await world.renew();
    const [fresh, ...others] = await lists();
    expect(others).toEqual([]);
    expect(fresh?.id).not.toBe(old?.id);
  });

  it("is made once by processes that look at the same time", async () => {
    await world.database.db.delete(calendarWatches);
    await Promise.all([world.renew(), world.renew(), world.renew()]);
    expect(world.asked("calendar.calendarList.watch")).toBe(1);
  });

  it("is asked for a week later where the vendor has none", async () => {
    await world.database.db.delete(calendarWatches).where(eq(calendarWatches.subject, "calendar_list"));
    const { provider } = world.google;
    const refusing = {
      ...provider,
      watches: { ...provider.watches, createForList: unsupported },
    };
    const services = {
      ...world.services,
      providers: { find: () => refusing, vendors: () => ["google" as const] },
    };
    const renew = () => JOBS["renew-watches"](services, { connectionId: world.connectionId });
    expect(await renew()).toMatchObject({ lists: 0, failed: 0 });
    expect(asks).toBe(1);
    world.pass(6 * DAY_MS);
    await renew();
    expect(asks).toBe(1);
    world.pass(2 * DAY_MS);
    await renew();
    expect(asks).toBe(2);
    expect(await lists()).toEqual([]);
  });

  it("is given up with automatic sync, with the grant, and with the connection", async () => {
    const settings = (autoSyncEnabled: boolean) =>
      updateSettings(world.services, world.person.ctx(world.clock.now()), world.connectionId, {
        autoSyncEnabled,
      });
    await settings(false);
    const before = await marks();
    await act("change", { calendarId: second, summary: "Nobody's business" });
    await world.control("channels/deliver", {});
    expect(await marks()).toEqual(before);
    await performOutbox(world.services);
    expect(await lists()).toEqual([]);

    await settings(true);
    await performOutbox(world.services);
    expect(await lists()).toHaveLength(1);
    const { generation } = await connection();
    const now = world.clock.now();
    await requireReconnect(world.database.db, {
      connectionId: world.connectionId,
      generation,
      reason: "revoked",
      now,
    });
    expect(await lists()).toEqual([]);
    expect(await world.renew()).toMatchObject({ lists: 0 });
  });

  it("is stopped before the revocation when an account is disconnected", async () => {
    await disconnect(world.services, world.person.ctx(world.clock.now()), world.connectionId);
    await act("create", { summary: "Too late" });
    await world.control("channels/deliver", {});
    expect(await finishDisconnect(world.services, world.connectionId)).toMatchObject({ ending: "revoked" });
    expect(await lists()).toEqual([]);
  });

  it("that a job of another day put off is asked for now", async () => {
    const present = world.clock.now();
    await world.database.db
      .update(calendarConnections)
      .set({ nextListWatchAt: new Date(present.getTime() + 9 * DAY_MS) });
    await returnToPresent(world.database.db, present);
    expect((await connection()).nextListWatchAt).toBeNull();
  });
});

let asks = 0;
const unsupported = async () => {
  asks += 1;
  throw new ProviderError("not_supported");
};

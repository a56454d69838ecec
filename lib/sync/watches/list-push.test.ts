import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { JOBS } from "@/inngest/jobs";
import { performOutbox } from "@/inngest/perform-outbox";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import type { Services } from "@/lib/connections/services";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";
import { createProviders } from "@/lib/providers/registry";
import { holdCalls } from "@/tests/support/held-calls";
import { listWorld } from "@/tests/support/list-world";
import { DAY_MS, MINUTE_MS } from "@/tests/support/push-world";

const world = listWorld();
const { act, reads, lists, marks, named } = world;
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
    expect(await named()).toEqual(["Second", "Third", world.account.email].sort());

    await act("change", { calendarId: world.second, summary: "Renamed" });
    expect(await world.deliver()).toBe(1);
    expect(await named()).toContain("Renamed");

    const colleague = world.google.account(`colleague-of-${world.account.email}`).email;
    const { id: shared } = await world.google.act<{ id: string }>("calendars/create", {
      account: colleague,
      summary: "Shared",
    });
    const share = (role: string) =>
      world.google.act("calendars/share", {
        account: colleague,
        calendarId: shared,
        with: world.account.email,
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

    await act("delete", { calendarId: world.second });
    await world.deliver();
    expect(await named()).toEqual(["Shared", "Third", world.account.email].sort());
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
        await act("change", { calendarId: world.second, summary: `Name ${Math.random()}` });
      await world.control("channels/deliver", {});
    };
    await told(20);
    expect((await performOutbox(world.services)).nudges).toBe(1);
    expect(reads()).toBe(1);

    // Twenty more while the list is read: one more reading for all of them, and no nudge.
    await told(1);
    const { faults } = world.google.sandbox;
    const list = holdCalls(faults, "calendar.calendarList.list", { account: world.account.email });
    world.google.sandbox.ledger.reset();
    const working = performOutbox(world.services);
    await list.arrived();
    await told(20);
    list.open();
    expect((await working).nudges).toBe(1);
    expect(reads()).toBeLessThanOrEqual(2);
    expect((await performOutbox(world.services)).nudges).toBe(0);
    const { changeSeq, readSeq } = await marks();
    expect(readSeq).toBe(changeSeq);
  });

  it("costs two readings at most while it is told on and on; the job reads the rest", async () => {
    const told = () => act("change", { calendarId: world.second, summary: `Name ${Math.random()}` });
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
    await act("change", { calendarId: world.second, summary: "Lost" });
    world.google.sandbox.faults.arm({
      operation: "calendar.calendarList.list",
      account: world.account.email,
      kind: "unavailable",
      count: 1,
    });
    await world.control("channels/deliver", {});
    expect(await performOutbox(world.services)).toEqual({ nudges: 1, failed: 1 });
    await act("change", { calendarId: world.second, summary: "Lost again" });
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
      await act("change", { calendarId: world.second, summary: `Untold ${missed}` });
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

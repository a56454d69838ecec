import { eq, sql } from "drizzle-orm";
import { describe, expect, it, vi } from "vitest";
import { calendarSyncLogs } from "@/db/schema/calendars";
import { withTransaction } from "@/db/transaction";
import { performOutbox } from "@/inngest/perform-outbox";
import { renewAllWatches } from "@/lib/connections/watch-wishes";
import { tokenHash } from "@/lib/platform/crypto";
import { delayOf } from "@/lib/sync/watches/unannounced";
import { DAY_MS, MINUTE_MS, pushWorld } from "@/tests/support/push-world";

const world = pushWorld();
const { tick, view } = world;
const lists = () => world.asked("calendar.events.list");
const active = async () => (await world.channels()).filter(({ state }) => state === "active").length;

describe("a change at Google", () => {
  it("is here without any schedule, and the run says how long it took", async () => {
    expect(await view()).toMatchObject({ push: "pending", pushExpiresAt: null });
    expect(await world.renew()).toMatchObject({ due: 1, made: 1, failed: 0 });
    await world.deliver();
    const [watch] = await world.watches();
    expect(await view()).toMatchObject({ push: "active", pushExpiresAt: watch?.expiresAt?.toISOString() });
    expect(lists()).toBe(0); // The sync message says nothing of a change (attack 67).

    await world.addEvent("Dentist");
    world.clock.advance(400);
    await world.deliver();
    expect(await world.titles()).toEqual(["Dentist"]);
    const [run] = await world.database.db
      .select()
      .from(calendarSyncLogs)
      .where(eq(calendarSyncLogs.calendarId, world.calendarId))
      .orderBy(sql`seq desc`)
      .limit(1);
    expect(run).toMatchObject({ trigger: "push", kind: "incremental", imported: 1 });
    expect(run?.delayMs).toBeGreaterThanOrEqual(0);
    expect((await view())?.pushDelayMs).toBe(run?.delayMs);
    expect(await world.calendar()).toMatchObject({ changeSeq: 2, syncedSeq: 2 });
  });

  it("keeps only the hash of a channel's secret, one of its own for each", async () => {
    world.set("delay", 60);
    await world.renew();
    const [watch] = await world.watches();
    const secret = vi.fn<(token: string) => void>();
    world.server.before = async ({ headers }) => {
      if (headers["x-goog-channel-id"] === watch?.id) secret(String(headers["x-goog-channel-token"]));
    };
    await world.deliver();
    const [told = ""] = secret.mock.calls[0] ?? [];
    expect(told).toMatch(/^[\w-]{43}$/);
    expect(watch?.secretHash).toBe(tokenHash(told));
    expect(JSON.stringify(await world.watches())).not.toContain(told);
  });

  it("costs one round however often, late and in whatever order it is told", async () => {
    await world.renew();
    await world.deliver();
    world.set("duplicate", 100);
    world.set("reorder", 50);
    world.set("delay", 30);
    for (let count = 0; count < 6; count += 1) await world.addEvent(`Event ${count}`);
    await world.control("channels/deliver", {});
    expect((await performOutbox(world.services)).nudges).toBe(1);
    expect(lists()).toBe(1);
    expect(await world.titles()).toHaveLength(6);
    const { changeSeq, syncedSeq } = await world.calendar();
    expect(changeSeq).toBe(syncedSeq);
  });

  it("whose message is lost is found by the schedule, which notes that nobody told of it", async () => {
    await world.renew();
    await world.deliver();
    world.set("drop", 100);
    for (const [index, missed] of [1, 2].entries()) {
      await world.addEvent(`Untold ${index}`);
      world.pass(6 * MINUTE_MS);
      expect(await world.deliver()).toBe(0);
      await tick();
      expect(await world.titles()).toHaveLength(index + 1);
      expect(await world.watches()).toMatchObject([{ missed }]);
    }
    world.set("drop", 0);
    expect(await world.renew()).toMatchObject({ made: 1 });
    await world.deliver();
    await world.renew();
    expect(await world.watches()).toMatchObject([{ missed: 0 }]);
    expect(await active()).toBe(1);
    await world.addEvent("Told again");
    await world.deliver();
    expect(await world.titles()).toHaveLength(3);
  });

  it("that is told resets the evidence, and a quiet calendar gives none", async () => {
    await world.renew();
    await world.deliver();
    world.set("drop", 100);
    await world.addEvent("Lost");
    world.pass(6 * MINUTE_MS);
    await tick();
    expect(await world.watches()).toMatchObject([{ missed: 1 }]);
    world.pass(6 * MINUTE_MS);
    await tick();
    expect(await world.watches()).toMatchObject([{ missed: 1 }]);
    world.set("drop", 0);
    await world.addEvent("Told");
    await world.deliver();
    expect(await world.watches()).toMatchObject([{ missed: 0 }]);
  });

  it("of a vendor that never reaches us makes new watches less and less often", async () => {
    world.set("drop", 100);
    await world.renew();
    const made: number[] = [];
    for (let cycle = 0; cycle < 12; cycle += 1) {
      await world.addEvent(`Unheard ${cycle}`);
      world.pass(6 * MINUTE_MS);
      await tick();
      made.push((await world.renew()).made);
    }
    const total = made.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(1);
    expect(total).toBeLessThan(6);
    expect(await view()).toMatchObject({ push: "pending", state: "ok" });
  });
});

describe("renewal", () => {
  it("overlaps: the old channel is stopped when the new one was heard, and no change is missed across the end", async () => {
    await world.renew();
    await world.deliver();
    const [first] = await world.watches();
    world.pass(5 * DAY_MS - 3_600_000 * 10);
    expect(await world.renew()).toMatchObject({ due: 0 });
    world.set("delay", 60);
    world.pass(1.5 * DAY_MS);
    expect(await world.renew()).toMatchObject({ made: 1, stopped: 0 });
    expect(await world.renew()).toMatchObject({ made: 0, stopped: 0 });
    expect(await active()).toBe(2); // Its sync message is on its way, so the old one still counts.
    await world.deliver();
    world.set("delay", 0);
    expect(await world.renew()).toMatchObject({ stopped: 1 });
    const [second, ...others] = await world.watches();
    expect(others).toEqual([]);
    expect(second?.id).not.toBe(first?.id);
    expect(await active()).toBe(1);
    world.pass(2 * DAY_MS);
    expect(world.clock.now() > (first?.expiresAt ?? 0)).toBe(true);
    await tick();
    await world.addEvent("After the first one's end");
    await world.deliver();
    expect(await world.titles()).toEqual(["After the first one's end"]);
  });

  it("trusts a new channel whose first message was lost, after a while", async () => {
    await world.renew();
    await world.deliver();
    world.pass(6.2 * DAY_MS);
    world.set("drop", 100);
    await world.renew();
    expect(await world.renew()).toMatchObject({ stopped: 0 });
    world.pass(11 * MINUTE_MS);
    expect(await world.renew()).toMatchObject({ stopped: 1 });
    expect(await active()).toBe(1);
  });

  it("happens in two processes at once without two channels", async () => {
    const reports = await Promise.all([world.renew(), world.renew(), world.renew()]);
    expect(reports.reduce((sum, { made }) => sum + made, 0)).toBe(1);
    expect(world.asked("calendar.events.watch")).toBe(1);
  });

  it("is due again after a grant was renewed, and replaces what the old grant asked for", async () => {
    await world.renew();
    await world.deliver();
    const [old] = await world.watches();
    world.clock.advance(1_000);
    await withTransaction(world.database.db, (tx) =>
      renewAllWatches(tx, world.connectionId, world.clock.now()),
    );
    expect(await performOutbox(world.services)).toEqual({ nudges: 1, failed: 0 });
    expect(await active()).toBe(2);
    await world.deliver();
    await world.renew();
    const [fresh, ...others] = await world.watches();
    expect(others).toEqual([]);
    expect(fresh?.id).not.toBe(old?.id);
  });
});

it("a change that waited for months is a long delay and no failed round", async () => {
  await world.addEvent("Forgotten", 24 * 80);
  world.pass(40 * DAY_MS);
  const changedAt = new Date(world.clock.now().getTime() - 39 * DAY_MS);
  expect(delayOf(changedAt, world.clock.now())).toBe(2 ** 31 - 1);
  expect(delayOf(world.clock.now(), changedAt)).toBe(0);
  await tick();
  expect(await world.calendar()).toMatchObject({ failures: 0 });
});

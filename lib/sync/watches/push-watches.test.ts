import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { calendarWatches } from "@/db/schema/watches";
import { performOutbox } from "@/inngest/perform-outbox";
import { disconnect } from "@/lib/connections/disconnect";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import { HELD_BACK, ProviderError } from "@/lib/providers/provider-error";
import { createProviders } from "@/lib/providers/registry";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { stopWatch } from "@/lib/sync/watches/stop-watch";
import { DAY_MS, MINUTE_MS, pushWorld } from "@/tests/support/push-world";

const world = pushWorld();
const { view, settle } = world;
const active = async () => (await world.channels()).filter(({ state }) => state === "active").length;

describe("a stop that our own door keeps back", () => {
  it("has not failed: it is asked for at the next turn, with as many tries as before", async () => {
    await world.renew();
    await world.deliver();
    const now = world.clock.now();
    await world.database.db.update(calendarWatches).set({ stopWantedAt: now, nextAttemptAt: now });
    const [watch] = await world.watches();
    const google = world.services.providers.find("google");
    if (google === null || watch === undefined) throw new Error("nothing to stop");
    const stop = () =>
      Promise.reject(new ProviderError("rate_limited", { detail: HELD_BACK, retryAfterMs: 1 }));
    const full = { ...google, watches: { ...google.watches, stop } };
    const crowded = { ...world.services, providers: createProviders([full]) };
    expect(await stopWatch(crowded, watch.id)).toBe("skipped");
    expect(await world.watches()).toMatchObject([{ attempts: 0, errorCode: null, nextAttemptAt: now }]);
    expect(await stopWatch(world.services, watch.id)).toBe("stopped");
    expect(await active()).toBe(0);
  });
});

describe("a watch that is not to be had", () => {
  it("of a holiday calendar is remembered for days; the calendar is polled and healthy", async () => {
    const holidays = await world.google.act<{ id: string }>("calendars/create", {
      account: world.account.email,
      summary: "Holidays",
      kind: "generated",
    });
    await world.google.act("calendars/share", {
      account: world.account.email,
      calendarId: holidays.id,
      with: world.account.email,
      role: "reader",
    });
    await world.database.db
      .update(calendars)
      .set({ externalId: holidays.id })
      .where(eq(calendars.id, world.calendarId));
    expect(await world.renew()).toMatchObject({ unsupported: 1, failed: 0 });
    expect(await view()).toMatchObject({ push: "unsupported", pushExpiresAt: null });
    expect(await world.watches()).toEqual([]);
    world.pass(6 * DAY_MS);
    expect(await world.renew()).toMatchObject({ due: 0 });
    world.pass(2 * DAY_MS);
    expect(await world.renew()).toMatchObject({ unsupported: 1 });
    expect(world.asked("calendar.events.watch")).toBe(2);
  });

  it("is asked for again with growing pauses while Google fails, and polling goes on", async () => {
    const arm = { operation: "calendar.events.watch", account: world.account.email, count: 0 };
    world.google.sandbox.faults.arm({ ...arm, kind: "unavailable" });
    expect(await world.renew()).toMatchObject({ failed: 1 });
    expect(await world.renew()).toMatchObject({ due: 0 });
    let failed = 0;
    for (let minute = 0; minute < 30; minute += 1) {
      world.pass(MINUTE_MS);
      failed += (await world.renew()).failed;
    }
    expect(failed).toBeGreaterThan(2);
    expect(failed).toBeLessThan(7);
    world.google.sandbox.faults.disarm();
    world.pass(6 * 60 * MINUTE_MS);
    expect(await world.renew()).toMatchObject({ made: 1 });
    expect(await world.calendar()).toMatchObject({ watchFailures: 0, nextWatchAt: null });
  });
});

describe("a watch whose answer never came", () => {
  it("is adopted when its own message says that it lives", async () => {
    const arm = { operation: "calendar.events.watch", account: world.account.email, count: 1 };
    world.google.sandbox.faults.arm({ ...arm, kind: "reset_after" });
    expect(await world.renew()).toMatchObject({ failed: 1 });
    await world.deliver();
    const [watch, ...others] = await world.watches();
    expect(others).toEqual([]);
    expect(watch?.verifiedAt).not.toBeNull();
    expect(watch?.expiresAt?.getTime()).toBeGreaterThan(world.clock.now().getTime() + 6 * DAY_MS);
    world.pass(30 * MINUTE_MS);
    expect(await world.renew()).toMatchObject({ due: 0 });
    await world.addEvent("Told by the adopted one");
    await world.deliver();
    expect(await world.titles()).toEqual(["Told by the adopted one"]);
    expect(await active()).toBe(1);
  });

  it("is given up when nothing is heard of it, and stopped should it ever speak", async () => {
    world.set("drop", 100);
    const arm = { operation: "calendar.events.watch", account: world.account.email, count: 1 };
    world.google.sandbox.faults.arm({ ...arm, kind: "reset_after" });
    await world.renew();
    world.set("drop", 0);
    world.pass(5 * MINUTE_MS);
    expect(await world.renew()).toMatchObject({ made: 1 });
    expect(await active()).toBe(2);
    await world.addEvent("Told twice");
    await world.deliver();
    expect(await world.titles()).toEqual(["Told twice"]);
    expect(await world.renew()).toMatchObject({ stopped: 1 });
    expect(await active()).toBe(1);
  });

  it("knows its sync message although it comes before the answer", async () => {
    world.set("syncBeforeResponse", true);
    expect(await world.renew()).toMatchObject({ made: 1 });
    expect(world.server.answers).toEqual([204, 204]); // The calendar's, and the list's.
    const [watch] = await world.watches();
    expect(watch?.verifiedAt).not.toBeNull();
    expect(watch?.resourceId).not.toBeNull();
  });
});

describe("stopping", () => {
  it("happens when a calendar is unchecked, and its messages are silent from that moment on", async () => {
    await world.renew();
    await world.deliver();
    await settle({ calendars: [{ id: world.calendarId, checkForConflicts: false }] });
    const before = await world.calendar();
    await world.addEvent("Nobody's business");
    await world.control("channels/deliver", {});
    expect(await world.calendar()).toEqual(before);
    await performOutbox(world.services);
    expect(await active()).toBe(0);
    expect(await world.watches()).toEqual([]);
    expect(await view()).toMatchObject({ push: "off" });
  });

  it.each([{ autoSyncEnabled: false }, { importEnabled: false, exportEnabled: false }])(
    "happens with %j, and a new one is made when that is taken back",
    async (settings) => {
      await world.renew();
      await world.deliver();
      await settle(settings);
      await performOutbox(world.services);
      expect(await active()).toBe(0);
      await settle(Object.fromEntries(Object.keys(settings).map((name) => [name, true])));
      await performOutbox(world.services);
      expect(await active()).toBe(1);
    },
  );

  it("happens before the revocation when an account is disconnected", async () => {
    await world.renew();
    await world.deliver();
    await disconnect(world.services, world.person.ctx(world.clock.now()), world.connectionId);
    await world.addEvent("Too late");
    await world.control("channels/deliver", {});
    expect(await finishDisconnect(world.services, world.connectionId)).toMatchObject({ ending: "revoked" });
    expect(world.asked("calendar.channels.stop")).toBe(2); // The list's as well.
    expect((await world.channels()).map(({ state }) => state)).toEqual(["stopped"]);
    expect(await world.watches()).toEqual([]);
  });

  it("is tried again while Google fails, and forgotten when the channel has ended by itself", async () => {
    await world.renew();
    await world.deliver();
    const arm = { operation: "calendar.channels.stop", account: world.account.email, count: 0 };
    world.google.sandbox.faults.arm({ ...arm, kind: "internal_error" });
    await settle({ autoSyncEnabled: false });
    await performOutbox(world.services);
    expect(await world.watches()).toMatchObject([{ attempts: 1, errorCode: "transient" }]);
    world.pass(10 * MINUTE_MS);
    expect(await world.renew()).toMatchObject({ failed: 2 }); // The list's as well.
    world.pass(8 * DAY_MS);
    expect(await world.renew()).toMatchObject({ failed: 0 });
    expect(await world.watches()).toEqual([]);
  });

  it("of a channel that Google no longer knows is done", async () => {
    await world.renew();
    await world.deliver();
    const [watch] = await world.watches();
    await world.control("channels/expire", { channelId: watch?.id });
    world.set("stopAgain", "404");
    await settle({ autoSyncEnabled: false });
    await performOutbox(world.services);
    expect(await world.watches()).toEqual([]);
  });

  it("is not tried with a dead connection: its watches are forgotten, and their messages are nobody's", async () => {
    await world.renew();
    await world.deliver();
    const [connection] = await world.database.db
      .select()
      .from(calendarConnections)
      .where(eq(calendarConnections.id, world.connectionId));
    await requireReconnect(world.database.db, {
      connectionId: world.connectionId,
      generation: connection?.generation ?? 0,
      reason: "revoked",
      now: world.clock.now(),
    });
    expect(await world.watches()).toEqual([]);
    const before = await world.calendar();
    await world.addEvent("Unheard");
    expect(await world.deliver()).toBe(0);
    expect(world.server.answers.at(-1)).toBe(200);
    expect(await world.calendar()).toEqual(before);
    expect(await world.renew()).toMatchObject({ due: 0 });
  });
});

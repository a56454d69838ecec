import { setTimeout as pause } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { calendarConnections } from "@/db/schema/connections";
import { integrationPolicies } from "@/db/schema/users";
import { ProviderError } from "@/lib/providers/provider-error";
import { minutesAfter, NOW, SLOT } from "@/tests/support/booking-world";
import { eventInSlot, liveReadWorld, STALE } from "@/tests/support/live-read-world";

const world = liveReadWorld();
const { book } = world;

describe("a calendar that cannot be read now", () => {
  const failing = async () => {
    throw new ProviderError("transient");
  };

  it("is accepted by default, and the receipt says that it was stale", async () => {
    const provider = await world.provider();
    const { calendarId } = await world.connect(provider, STALE);
    world.answer = failing;
    const [entry] = (await book(provider)).receipt;
    expect(entry).toEqual({ calendarId, state: "stale", syncedAt: STALE.syncedThrough.toISOString() });
  });

  it("refuses where its owner wants to be sure, though another answered", async () => {
    const provider = await world.provider();
    await world.connect(provider, { ...STALE, externalId: "good" });
    await world.connect(provider, { ...STALE, externalId: "bad" }, { whenUnsure: "refuse" });
    world.answer = async (calendar) => (calendar === "bad" ? failing() : []);
    await expect(book(provider)).rejects.toMatchObject({ code: "calendar_not_ready" });
    expect(await world.bookingsOf(provider)).toEqual([]);
  });

  describe("because it is too slow", () => {
    const late: unknown[] = [];
    const note = (reason: unknown) => void late.push(reason);
    beforeEach(() => process.on("unhandledRejection", note));
    afterEach(() => process.off("unhandledRejection", note));

    it("is waited for no longer than allowed; its late answer and its late failure are dropped", async () => {
      const provider = await world.provider();
      await world.connect(provider, { ...STALE, externalId: "quick" });
      await world.connect(provider, { ...STALE, externalId: "slow" });
      await world.connect(provider, { ...STALE, externalId: "broken" });
      const release: ((fail: boolean) => void)[] = [];
      world.answer = (calendar) =>
        calendar === "quick"
          ? Promise.resolve([])
          : new Promise((resolve, reject) => {
              release.push((fail) =>
                fail ? reject(new ProviderError("transient")) : resolve([eventInSlot("late")]),
              );
            });
      const booking = book(provider);
      while (world.asked.length < 3) await pause(5);
      let over = false;
      void booking.finally(() => {
        over = true;
      });
      await pause(50);
      expect(over).toBe(false);
      world.timeIsUp();
      const made = await booking;
      expect(made.receipt.map(({ state }) => state).sort()).toEqual(["live", "stale", "stale"]);
      expect(release).toHaveLength(2);
      for (const [index, end] of release.entries()) end(index === 1);
      await pause(50);
      expect(late).toEqual([]);
    });
  });

  it.each([
    ["a dead grant", { reconnectReason: "revoked" as const, reconnectSince: NOW }, {}],
    ["no permission to read", { grantedScopes: ["openid"] }, {}],
    [
      "a vendor that asked us to wait",
      {},
      { lastErrorKind: "rate_limited", backoffUntil: new Date(minutesAfter(NOW, 5)) },
    ],
  ])("because of %s is not asked at all", async (_, connection, calendar) => {
    const { provider: vendor } = world.vendor;
    const { capabilities } = vendor.oauth;
    vendor.oauth.capabilities = (scopes) => ({ ...capabilities(scopes), readEvents: scopes.length > 1 });
    const provider = await world.provider();
    await world.connect(provider, { ...STALE, ...calendar }, connection);
    expect((await book(provider)).receipt.map(({ state }) => state)).toEqual(["stale"]);
    await world.database.db
      .update(calendarConnections)
      .set({ whenUnsure: "refuse" })
      .where(eq(calendarConnections.userId, provider.userId));
    const sure = book(provider, { start: minutesAfter(SLOT, 120) });
    await expect(sure).rejects.toMatchObject({ code: "calendar_not_ready" });
    expect(world.asked).toEqual([]);
    vendor.oauth.capabilities = capabilities;
  });

  it("because the organization forbids it is not asked at all", async () => {
    const provider = await world.provider();
    await world.connect(provider, STALE);
    const { organizationId } = provider;
    await world.database.db
      .insert(integrationPolicies)
      .values({ organizationId, provider: "google", allowed: false });
    expect((await book(provider)).receipt.map(({ state }) => state)).toEqual(["stale"]);
    expect(world.asked).toEqual([]);
  });
});

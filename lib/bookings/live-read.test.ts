import { setTimeout as pause } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { calendarConnections } from "@/db/schema/connections";
import { calendarExportedBookings } from "@/db/schema/exports";
import { integrationPolicies } from "@/db/schema/users";
import { changeBooking } from "@/lib/bookings/change-booking";
import { createBooking } from "@/lib/bookings/create-booking";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { TimeRange } from "@/lib/calendar/time-range";
import { newId } from "@/lib/platform/ids";
import { ProviderError } from "@/lib/providers/provider-error";
import { createEventRow } from "@/tests/support/booking-factories";
import { bookingWorld, CLIENT, minutesAfter, NOW, type Provider, SLOT } from "@/tests/support/booking-world";
import { testServices } from "@/tests/support/factories";
import { openGoogle } from "@/tests/support/google";
import { at, day, upsert } from "@/tests/support/scripted-vendor";

const world = bookingWorld();
const STALE = { syncedThrough: new Date(NOW.getTime() - 3_600_000) };

let asked: { calendar: string; range: TimeRange }[] = [];
/** What the vendor answers now: to all calendars, or by a function of the calendar's id there. */
let answer: CalendarEvent[] | ((calendar: string) => Promise<CalendarEvent[]>) = [];
// The time allowed passes where a test says so: a slow machine does not use it up.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  asked = [];
  answer = [];
  world.vendor.provider.listWindow = async (_access, { externalId }, range) => {
    asked.push({ calendar: externalId, range });
    return typeof answer === "function" ? answer(externalId) : answer;
  };
});

afterEach(() => {
  vi.useRealTimers();
});

const book = (provider: Provider, start = SLOT) =>
  createBooking(world.services, provider.ctx(), { serviceId: provider.service.id, start, client: CLIENT });

function event(externalId: string, overrides: Partial<CalendarEvent> = {}): CalendarEvent {
  const time = { start: at(SLOT), end: at(minutesAfter(SLOT, 60)) };
  const item = upsert(externalId, { ...time, ...overrides });
  if (item.type !== "upsert") throw new Error("not an event");
  return item.event;
}

describe("a calendar whose stored events may be out of date", () => {
  it("is asked for the slot with its buffers, and the receipt says so", async () => {
    const provider = await world.provider({ bufferBeforeMinutes: 15, bufferAfterMinutes: 30 });
    const stale = await world.connect(provider, { ...STALE, externalId: "stale" });
    const fresh = await world.connect(provider, { externalId: "fresh" });
    const made = await book(provider);
    expect(asked).toEqual([
      {
        calendar: "stale",
        range: { start: new Date(minutesAfter(SLOT, -15)), end: new Date(minutesAfter(SLOT, 90)) },
      },
    ]);
    expect(made.receipt).toHaveLength(2);
    expect(made.receipt).toEqual(
      expect.arrayContaining([
        { calendarId: stale.calendarId, state: "live", syncedAt: STALE.syncedThrough.toISOString() },
        { calendarId: fresh.calendarId, state: "fresh", syncedAt: minutesAfter(NOW, -1) },
      ]),
    );
  });

  it("that shows a new event refuses, and the time it takes is not offered", async () => {
    const provider = await world.provider();
    await world.connect(provider, STALE);
    answer = [event("new", { end: at(minutesAfter(SLOT, 15)) })];
    const refusal = await book(provider).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: "slot_unavailable",
      extra: { slots: expect.arrayContaining([expect.objectContaining({ start: minutesAfter(SLOT, 15) })]) },
    });
    expect(await world.bookingsOf(provider)).toEqual([]);
  });

  it("is not asked about what is taken or wrong anyway", async () => {
    const provider = await world.provider();
    await book(provider);
    await world.connect(provider, STALE);
    await expect(book(provider)).rejects.toMatchObject({ code: "slot_unavailable" });
    await expect(book(provider, "2026-11-29T10:00:00Z")).rejects.toMatchObject({ code: "invalid_input" });
    expect(asked).toEqual([]);
  });

  it("is asked at once with all others, so that they wait together", async () => {
    const provider = await world.provider();
    await world.connect(provider, { ...STALE, externalId: "a" });
    await world.connect(provider, { ...STALE, externalId: "b" });
    let meet = () => undefined as unknown;
    const met = new Promise<void>((resolve) => {
      meet = () => resolve();
    });
    answer = async () => {
      if (asked.length === 2) meet();
      await met;
      return [];
    };
    expect((await book(provider)).receipt.map(({ state }) => state)).toEqual(["live", "live"]);
  });

  it("is asked together by those who want the same slot at a time", async () => {
    const provider = await world.provider();
    await world.connect(provider, STALE);
    answer = async () => {
      await pause(300);
      return [];
    };
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => book(provider)));
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(asked.length).toBeLessThan(all.length);
  });
});

describe("an event read live blocks as an imported one would", () => {
  const declined = event("e", { response: "declined" });
  const free = event("e", { showAs: "free" });
  const allDay = event("e", { start: day("2026-11-24"), end: day("2026-11-25"), showAs: "free" });
  const tentative = event("e", { status: "tentative" });
  const before = event("e", { start: at(minutesAfter(SLOT, -60)), end: at(SLOT) });
  const elsewhereZone = event("e", { start: day("2026-11-23"), end: day("2026-11-24") });

  it.each([
    ["busy", event("e"), {}, "taken"],
    ["declined", declined, {}, "free"],
    ["marked free", free, {}, "free"],
    ["all day, marked free", allDay, {}, "taken"],
    ["all day, marked free, as its calendar says", allDay, { allDayEvents: "as_provider" }, "free"],
    ["tentative", tentative, {}, "taken"],
    ["tentative, ignored", tentative, { tentative: "ignore" }, "free"],
    ["of no length", event("e", { end: at(SLOT) }), {}, "free"],
    ["that ends when the slot begins", before, {}, "free"],
    ["of the day before, in the calendar's zone", elsewhereZone, {}, "free"],
  ] as const)("%s", async (_, one, settings, expected) => {
    const provider = await world.provider();
    await world.connect(provider, STALE, settings);
    answer = [one];
    const outcome = await book(provider).then(
      () => "free",
      () => "taken",
    );
    expect(outcome).toBe(expected);
  });

  it("days lie in the calendar's own zone", async () => {
    const provider = await world.provider();
    await world.connect(provider, { ...STALE, timeZone: "Pacific/Honolulu" });
    // In Honolulu, the 23rd lasts until 11:00 of the 24th in Paris, when the slot begins.
    answer = [elsewhereZone];
    await expect(book(provider, minutesAfter(SLOT, -60))).rejects.toMatchObject({ code: "slot_unavailable" });
    expect(await book(provider)).toMatchObject({ start: SLOT });
  });

  it("unless its person has said otherwise", async () => {
    const provider = await world.provider();
    const { calendarId } = await world.connect(provider, STALE);
    const { userId } = provider;
    const place = { userId, calendarId, startsAt: new Date(SLOT), endsAt: new Date(minutesAfter(SLOT, 60)) };
    await createEventRow(world.database.db, place, { externalId: "mine", override: false });
    answer = [event("mine")];
    expect(await book(provider)).toMatchObject({ receipt: [{ state: "live" }] });
  });
});

describe("our own event", () => {
  /** A booking whose event is in the calendar, which is then read live. */
  async function exported(written: Partial<typeof calendarExportedBookings.$inferInsert> = {}) {
    const provider = await world.provider();
    const { calendarId } = await world.connect(provider, { ...STALE, externalId: "work" });
    const made = await book(provider);
    await world.database.db.insert(calendarExportedBookings).values({
      id: newId(NOW),
      bookingId: made.id,
      userId: provider.userId,
      provider: "google",
      calendarId,
      calendarExternalId: "work",
      desired: "present",
      externalId: `ent${made.id.replaceAll("-", "")}`,
      writtenStart: new Date(made.start),
      writtenEnd: new Date(made.end),
      nextAttemptAt: NOW,
      createdAt: NOW,
      ...written,
    });
    const own = `ent${made.id.replaceAll("-", "")}`;
    const move = (minutes: number) =>
      changeBooking(world.services, provider.ctx(), made.id, { start: minutesAfter(SLOT, minutes) });
    return { provider, made, own, move };
  }

  it("is no obstacle to moving its booking over it", async () => {
    const { own, move } = await exported();
    answer = [event(own)];
    expect(await move(30)).toMatchObject({ start: minutesAfter(SLOT, 30), receipt: [{ state: "live" }] });
  });

  it("left behind by a booking that moved, not written yet, blocks nobody", async () => {
    const { provider, own, move } = await exported();
    await move(120);
    answer = [event(own)];
    expect(await book(provider)).toMatchObject({ start: SLOT });
  });

  it("that its owner moved blocks where it is now, until somebody decides", async () => {
    const { provider, own, move } = await exported();
    const moved = { start: at(minutesAfter(SLOT, 120)), end: at(minutesAfter(SLOT, 180)) };
    answer = [event(own, moved)];
    const other = book(provider, minutesAfter(SLOT, 120));
    await expect(other).rejects.toMatchObject({ code: "slot_unavailable" });
    expect(await move(120)).toMatchObject({ version: 2 });
  });

  it("duplicated by a person blocks: nothing here stands behind it", async () => {
    const { made, move } = await exported();
    answer = [
      event("copy", {
        bookingMarker: made.id,
        start: at(minutesAfter(SLOT, 60)),
        end: at(minutesAfter(SLOT, 120)),
      }),
    ];
    await expect(move(30)).rejects.toMatchObject({ code: "slot_unavailable" });
  });
});

describe("a calendar that cannot be read now", () => {
  const failing = async () => {
    throw new ProviderError("transient");
  };

  it("is accepted by default, and the receipt says that it was stale", async () => {
    const provider = await world.provider();
    const { calendarId } = await world.connect(provider, STALE);
    answer = failing;
    const [entry] = (await book(provider)).receipt;
    expect(entry).toEqual({ calendarId, state: "stale", syncedAt: STALE.syncedThrough.toISOString() });
  });

  it("refuses where its owner wants to be sure, though another answered", async () => {
    const provider = await world.provider();
    await world.connect(provider, { ...STALE, externalId: "good" });
    await world.connect(provider, { ...STALE, externalId: "bad" }, { whenUnsure: "refuse" });
    answer = async (calendar) => (calendar === "bad" ? failing() : []);
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
      answer = (calendar) =>
        calendar === "quick"
          ? Promise.resolve([])
          : new Promise((resolve, reject) => {
              release.push((fail) =>
                fail ? reject(new ProviderError("transient")) : resolve([event("late")]),
              );
            });
      const booking = book(provider);
      while (asked.length < 3) await pause(5);
      await vi.advanceTimersByTimeAsync(1_499);
      let over = false;
      void booking.finally(() => {
        over = true;
      });
      await pause(50);
      expect(over).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
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
    const sure = book(provider, minutesAfter(SLOT, 120));
    await expect(sure).rejects.toMatchObject({ code: "calendar_not_ready" });
    expect(asked).toEqual([]);
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
    expect(asked).toEqual([]);
  });
});

describe("with Google", () => {
  it("an event added a moment ago, which no round has read, is seen in time", async () => {
    await using google = await openGoogle(NOW);
    const services = testServices(world.database.db, [google.provider], {
      clock: world.services.clock,
      masterKeys: world.services.masterKeys,
    });
    const provider = await world.provider();
    const { email, accessToken, refreshToken } = google.account("anna@example.test");
    await world.connect(provider, { ...STALE, externalId: email }, { accessToken, refreshToken });
    const wish = { serviceId: provider.service.id, start: SLOT, client: CLIENT };
    const time = { start: { dateTime: SLOT }, end: { dateTime: minutesAfter(SLOT, 30) } };
    await google.act("events/create", { account: email, event: { summary: "Dentist", ...time } });
    const refused = createBooking(services, provider.ctx(), wish);
    await expect(refused).rejects.toMatchObject({ code: "slot_unavailable" });
    const start = minutesAfter(SLOT, 30);
    const made = await createBooking(services, provider.ctx(), { ...wish, start });
    expect(made.receipt).toMatchObject([{ state: "live" }]);
  });
});

import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DatabaseHandle, openDatabase } from "@/db/client";
import { bookAsClient } from "@/lib/bookings/book-as-client";
import { changeBooking } from "@/lib/bookings/change-booking";
import { createBooking } from "@/lib/bookings/create-booking";
import { createTimeOff } from "@/lib/bookings/time-off";
import type { Services } from "@/lib/connections/services";
import { randomToken } from "@/lib/platform/crypto";
import { bookingWorld, CLIENT, minutesAfter, NOW, type Provider, SLOT } from "@/tests/support/booking-world";

const world = bookingWorld();
let second: DatabaseHandle;
/** Two processes as the database sees them: a pool and a queue each would be, here two pools. */
let processes: Services[];
beforeAll(() => {
  second = openDatabase(world.database.url, { max: 10, name: "entente-second" });
  processes = [world.services, { ...world.services, db: second.db }];
});
afterAll(() => second.close());

const HOUR_MS = 3_600_000;
/** Slots of different hours of the working days from tomorrow on. */
function slotNumber(round: number): string {
  const day = [0, 1, 2, 3, 6, 7, 8, 9, 10, 13][Math.floor(round / 8)] ?? 0;
  return new Date(
    Date.parse("2026-11-24T08:00:00Z") + day * 24 * HOUR_MS + (round % 8) * HOUR_MS,
  ).toISOString();
}

function byProvider(services: Services, provider: Provider, start: string) {
  const ctx = { ...provider.ctx(), db: services.db };
  return createBooking(services, ctx, { serviceId: provider.service.id, start, client: CLIENT });
}

function byClient(services: Services, provider: Provider, start: string) {
  const { handle, service } = provider;
  const wish = { handle, slug: service.slug, start, client: CLIENT, requestKey: randomToken() };
  return bookAsClient(services, wish, NOW);
}

async function deadlocks(): Promise<number> {
  const [row] = await world.database.db.execute<{ deadlocks: number }>(
    sql`select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()`,
  );
  return row?.deadlocks ?? -1;
}

/** How many got the slot; everybody else must have been refused with other slots. */
function winners(outcomes: readonly PromiseSettledResult<unknown>[]): number {
  const lost = outcomes.filter((one) => one.status === "rejected").map(({ reason }) => reason);
  for (const reason of lost) {
    expect(reason).toMatchObject({ code: "slot_unavailable", extra: { slots: expect.any(Array) } });
  }
  return outcomes.length - lost.length;
}

describe("attack 91: everybody wants the same slot", () => {
  it("fifty at a time, twenty rounds, over two processes: one has it each time, nobody an error", async () => {
    const provider = await world.provider();
    const before = await deadlocks();
    for (let round = 0; round < 20; round += 1) {
      const start = slotNumber(round);
      const clients = Array.from({ length: 50 }, (_, client) => {
        const services = processes[client % 2] ?? world.services;
        return client % 5 === 0 ? byProvider(services, provider, start) : byClient(services, provider, start);
      });
      expect(winners(await Promise.allSettled(clients))).toBe(1);
    }
    const made = await world.bookingsOf(provider);
    expect(new Set(made.map(({ startsAt }) => startsAt.getTime())).size).toBe(20);
    expect(made).toHaveLength(20);
    expect(await deadlocks()).toBe(before);
  });

  it("slots that overlap are one time: of all that share a moment one is booked", async () => {
    const provider = await world.provider();
    for (let round = 0; round < 10; round += 1) {
      const start = slotNumber(round * 2);
      const starts = [0, 15, 30, 45].map((minutes) => minutesAfter(start, minutes));
      const clients = Array.from({ length: 24 }, (_, client) =>
        byClient(processes[client % 2] ?? world.services, provider, starts[client % 4] ?? start),
      );
      expect(winners(await Promise.allSettled(clients))).toBe(1);
    }
  });
});

describe("attack 92: a booking is moved into a slot while others book it", () => {
  it("one has it, the others keep what they had", async () => {
    const provider = await world.provider();
    const before = await deadlocks();
    for (let round = 0; round < 10; round += 1) {
      const wanted = slotNumber(round * 2);
      const start = slotNumber(round * 2 + 1);
      const [held] = (await world.bookingsOf(provider)).filter(
        ({ startsAt }) => startsAt.toISOString() === start,
      );
      const { id } = held ?? (await byProvider(world.services, provider, start));
      const move = (services: Services) =>
        changeBooking(services, { ...provider.ctx(), db: services.db }, id, { start: wanted });
      const outcomes = await Promise.allSettled([
        ...processes.map((services) => byClient(services, provider, wanted)),
        move(processes[round % 2] ?? world.services),
        ...processes.map((services) => byClient(services, provider, wanted)),
      ]);
      expect(winners(outcomes)).toBe(1);
      const moved = outcomes[2]?.status === "fulfilled";
      const row = await world.booking(id);
      expect(row).toMatchObject({ version: moved ? 2 : 1, startsAt: new Date(moved ? wanted : start) });
    }
    expect(await deadlocks()).toBe(before);
  });

  it("two bookings that would trade places stay where they are", async () => {
    const provider = await world.provider();
    const [one, two] = [
      await byProvider(world.services, provider, SLOT),
      await byProvider(world.services, provider, minutesAfter(SLOT, 60)),
    ];
    const move = (id: string, start: string) => changeBooking(world.services, provider.ctx(), id, { start });
    const outcomes = await Promise.allSettled([move(one.id, two.start), move(two.id, one.start)]);
    expect(winners(outcomes)).toBe(0);
    expect((await world.bookingsOf(provider)).map(({ version }) => version)).toEqual([1, 1]);
  });

  it("time off taken at the same moment: whoever is first decides, and both are whole", async () => {
    for (let round = 0; round < 10; round += 1) {
      const provider = await world.provider();
      const off = () => createTimeOff(provider.ctx(), { start: SLOT, end: minutesAfter(SLOT, 60) });
      const book = () => byClient(processes[1] ?? world.services, provider, SLOT);
      const [taken, booked] =
        round % 2 === 0
          ? await Promise.allSettled([off(), book()])
          : (await Promise.allSettled([book(), off()])).reverse();
      expect(taken?.status).toBe("fulfilled");
      expect(await world.bookingsOf(provider)).toHaveLength(booked?.status === "fulfilled" ? 1 : 0);
    }
  });
});

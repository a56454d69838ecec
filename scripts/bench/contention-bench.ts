import { sql } from "drizzle-orm";
import { bookAsClient } from "@/lib/bookings/book-as-client";
import { randomToken } from "@/lib/platform/crypto";
import { AppError } from "@/lib/platform/errors";
import { createServiceRow } from "@/tests/support/booking-factories";
import { createPerson } from "@/tests/support/factories";
import { say } from "../lib/output";
import { figures, line, timed } from "./measure";
import type { BenchWorld } from "./world";

const CLIENTS = 200;
const DAY_MS = 86_400_000;
const SLOT_MS = 15 * 60_000;

/**
 * 200 clients want one slot at the same moment, round after round, at verb level. One must win each time, everybody
 * else must be refused in words (`slot_unavailable`), and PostgreSQL must not count a deadlock.
 */
export async function benchContention(world: BenchWorld, rounds: number): Promise<void> {
  const provider = await openHouse(world);
  const before = await deadlocks(world);
  const samples: number[] = [];
  let [won, refused, failed] = [0, 0, 0];
  for (let round = 0; round < rounds; round += 1) {
    const start = provider.slot(round);
    const clients = Array.from({ length: CLIENTS }, () => () => provider.book(start));
    let outcomes: PromiseSettledResult<unknown>[] = [];
    samples.push(
      await timed(async () => {
        outcomes = await Promise.allSettled(clients.map((client) => client()));
      }),
    );
    const winners = outcomes.filter(({ status }) => status === "fulfilled").length;
    won += winners === 1 ? 1 : 0;
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      if (outcome.reason instanceof AppError && outcome.reason.code === "slot_unavailable") refused += 1;
      else failed += 1;
    }
  }
  const found = (await deadlocks(world)) - before;
  say(line(`${CLIENTS} clients, one slot`, figures(samples), `${rounds} rounds`));
  say(`  one winner in ${won} of ${rounds} rounds; ${refused} refused, ${failed} failed, ${found} deadlocks`);
}

/** Somebody who works around the clock, so that there are slots for a thousand rounds. */
async function openHouse(world: BenchWorld) {
  const { db } = world.handle;
  const person = await createPerson(db, { timeZone: "UTC" });
  const { slug } = await createServiceRow(db, person.userId, { durationMinutes: 15 });
  const day = JSON.stringify([{ from: "00:00", to: "24:00" }]);
  await db.execute(sql`
    insert into working_hours (user_id, weekly, exceptions, updated_at)
    select ${person.userId}::uuid, jsonb_object_agg(d, ${day}::jsonb), '[]'::jsonb, '2026-01-01T00:00:00Z'
    from unnest(array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) as d
  `);
  const [user] = await db.execute<{ handle: string }>(
    sql`select handle from users where id = ${person.userId}`,
  );
  const first = (Math.floor(world.services.clock.now().getTime() / DAY_MS) + 1) * DAY_MS;
  const client = { name: "Client", email: "client@example.test" };
  return {
    slot: (round: number) => new Date(first + round * SLOT_MS).toISOString(),
    book: (start: string) => {
      const wish = { handle: user?.handle ?? "", slug, start, client, requestKey: randomToken() };
      return bookAsClient(world.services, wish, world.services.clock.now());
    },
  };
}

async function deadlocks(world: BenchWorld): Promise<number> {
  const [row] = await world.handle.db.execute<{ deadlocks: number }>(
    sql`select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()`,
  );
  return row?.deadlocks ?? 0;
}

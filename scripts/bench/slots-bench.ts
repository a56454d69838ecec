import { sql } from "drizzle-orm";
import { getAvailability } from "@/lib/bookings/availability";
import { systemClock } from "@/lib/platform/clock";
import { createServiceRow } from "@/tests/support/booking-factories";
import { createCalendar, createConnection, createPerson, type Person } from "@/tests/support/factories";
import { say } from "../lib/output";
import type { AppWorld } from "./app-world";
import { figures, line, timed } from "./measure";

const DAYS = 90;
const DAY_MS = 86_400_000;
const AT_ONCE = 10;

/** `GET /availability` over 90 days, ten clients at once, and the same work in process: its statements counted. */
export async function benchSlots(world: AppWorld, blocks: number, requests: number): Promise<void> {
  const person = await createPerson(world.handle.db);
  const { id: serviceId } = await createServiceRow(world.handle.db, person.userId, { durationMinutes: 30 });
  await fill(world, person, blocks);
  const key = await world.keyFor(person);
  const from = systemClock().now();
  const to = new Date(from.getTime() + DAYS * DAY_MS);
  const query = `serviceId=${serviceId}&from=${from.toISOString()}&to=${to.toISOString()}`;
  const samples: number[] = [];
  const ask = async () => {
    const { status } = await world.get(key, `/availability?${query}`);
    if (status !== 200) throw new Error(`availability answered ${status}`);
  };
  for (let warm = 0; warm < 300; warm += 1) await ask();
  let left = requests;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      samples.push(await timed(ask));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  say(
    line(
      `slots of ${DAYS} days, ${blocks} blocks, ${AT_ONCE} at once`,
      figures(samples),
      "goal p50 ≤ 25, p99 ≤ 100",
    ),
  );
  const ctx = person.ctx();
  world.statements.length = 0;
  const alone: number[] = [];
  let slots = 0;
  for (let run = 0; run < 50; run += 1) {
    const ours = async () => {
      slots = (await getAvailability(ctx, { serviceId, from, to })).slots.length;
    };
    alone.push(await timed(ours));
  }
  say(line("  the same in process, one at a time", figures(alone)));
  say(`  ${slots} slots; ${world.statements.length / alone.length} statements each`);
}

/** Blocks spread evenly around the clock, none touching the next. The calendar is fresh and left alone by the schedule. */
async function fill(world: AppWorld, person: Person, blocks: number): Promise<void> {
  const connectionId = await createConnection(world.services, person, { autoSyncEnabled: false });
  const now = systemClock().now();
  const calendarId = await createCalendar(world.services, connectionId, person, {
    changeSeq: 0,
    syncedThrough: new Date(now.getTime() + 30_000),
    lastSyncedAt: now,
  });
  const step = (DAYS * DAY_MS) / blocks / 1000;
  await world.handle.db.execute(sql`
    insert into calendar_sync_events (id, calendar_id, user_id, provider, external_id, fingerprint, kind, status,
      show_as, response, starts_at, ends_at, title, learned_at)
    select gen_random_uuid(), ${calendarId}::uuid, ${person.userId}::uuid, 'google', 'block-' || n, 'f', 'default',
      'confirmed', 'busy', 'none', ${now.toISOString()}::timestamptz + n * ${step}::float8 * interval '1 second',
      ${now.toISOString()}::timestamptz + (n + 0.5) * ${step}::float8 * interval '1 second', 'Block',
      ${now.toISOString()}::timestamptz
    from generate_series(0, ${blocks}::int - 1) as n
  `);
  await world.handle.db.execute(sql`analyze calendar_sync_events`);
}

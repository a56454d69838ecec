import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { JOBS } from "@/inngest/jobs";
import { eventually } from "@/tests/support/eventually";
import { holdCalls } from "@/tests/support/held-calls";
import { type Killable, startWorker } from "./processes";
import { pushedWorld } from "./pushed-world";

const world = pushedWorld();

let workers: Killable[] = [];
let calendarId: string;
const email = "burst@example.test";

beforeAll(async () => {
  ({ calendarId } = await world.connect(email));
  workers = await Promise.all([0, 1].map(() => startWorker(world.env)));
});
afterAll(() => Promise.all(workers.map((worker) => worker.stop())));

it("two processes on one database read a burst of messages in a few rounds, never two at a time", async () => {
  expect(await JOBS["renew-watches"](world.runtime.services)).toMatchObject({ made: 1 });
  await eventually("the channel is heard", async () => {
    const [row] = await world.database.db.execute(
      sql`select id from calendar_watches where verified_at is not null`,
    );
    return row !== undefined;
  });
  const start = new Date(Date.now() + 86_400_000);
  const time = (hours: number) => ({ dateTime: new Date(start.getTime() + hours * 3_600_000).toISOString() });
  world.google.sandbox.switches.set("google.push.delay", 3_600);
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      world.google.act("events/create", {
        account: email,
        event: { summary: `Burst ${index}`, start: time(index), end: time(index + 1) },
      }),
    ),
  );
  world.google.sandbox.switches.set("google.push.delay", 0);
  // Whoever hears the first message is kept from reading until the last one came, however slowly they come.
  const list = holdCalls(world.google.sandbox.faults, "calendar.events.list");
  const [origin] = world.google.origins.values();
  const delivered = fetch(`${origin}/sandbox/api/channels/deliver`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  await list.arrived();
  await delivered;
  list.open();
  await eventually("everything is here, and nothing waits", async () => {
    const [row] = await world.database.db.execute<{ events: number; open: boolean }>(sql`
      select (select count(*)::int from calendar_sync_events where calendar_id = ${calendarId}) as events,
        exists (
          select from calendars where id = ${calendarId} and (change_seq > synced_seq or lease_until is not null)
        ) as open
    `);
    return row?.events === 40 && row.open === false;
  });
  const runs = await world.pushed(calendarId);
  expect(runs.length).toBeGreaterThan(0);
  expect(runs.length).toBeLessThanOrEqual(2);
  const spans = runs.map(({ startedAt, finishedAt }) => [startedAt.getTime(), finishedAt?.getTime() ?? 0]);
  spans.sort(([a = 0], [b = 0]) => a - b);
  for (const [index, [began = 0]] of spans.entries()) {
    expect(began).toBeGreaterThanOrEqual(spans[index - 1]?.[1] ?? 0);
  }
  expect(runs.reduce((sum, run) => sum + run.imported, 0)).toBeLessThanOrEqual(40);
  const [calendar] = await world.database.db.select().from(calendars).where(eq(calendars.id, calendarId));
  expect(calendar?.changeSeq).toBeGreaterThan(runs.length);
});

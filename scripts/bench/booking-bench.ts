import { sql } from "drizzle-orm";
import { systemClock } from "@/lib/platform/clock";
import { createServiceRow } from "@/tests/support/booking-factories";
import { createCalendar, createConnection, createPerson, type Person } from "@/tests/support/factories";
import { say } from "../lib/output";
import type { AppWorld } from "./app-world";
import { figures, line, timed } from "./measure";

const CLIENTS = 200;
const HOUR_MS = 3_600_000;

/** Somebody who works around the clock from tomorrow on. */
async function openHouse(world: AppWorld) {
  const person = await createPerson(world.handle.db, { timeZone: "UTC" });
  const service = await createServiceRow(world.handle.db, person.userId, { durationMinutes: 30 });
  const day = [{ from: "00:00", to: "24:00" }];
  const key = await world.keyFor(person);
  const weekly = Object.fromEntries(
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((name) => [name, day]),
  );
  await world.call(key, "PUT", "/working-hours", { weekly });
  const first = Math.ceil(systemClock().now().getTime() / (24 * HOUR_MS)) * 24 * HOUR_MS;
  const book = (slot: number, name: string) =>
    world.call(key, "POST", "/bookings", {
      serviceId: service.id,
      start: new Date(first + slot * HOUR_MS).toISOString(),
      client: { name, email: null, phone: null },
    });
  return { person, book };
}

/** 200 clients want one slot over HTTP: one 201, the others 409, whatever the round. */
export async function benchHttpContention(world: AppWorld, rounds: number): Promise<void> {
  const { book } = await openHouse(world);
  const samples: number[] = [];
  const seen = new Map<number, number>();
  let won = 0;
  for (let round = 0; round < rounds; round += 1) {
    let statuses: number[] = [];
    samples.push(
      await timed(async () => {
        const answers = Array.from({ length: CLIENTS }, (_, at) => book(round, `Client ${at}`));
        statuses = (await Promise.all(answers)).map(({ status }) => status);
      }),
    );
    if (statuses.filter((status) => status === 201).length === 1) won += 1;
    for (const status of statuses) seen.set(status, (seen.get(status) ?? 0) + 1);
  }
  say(line(`${CLIENTS} clients, one slot, over HTTP`, figures(samples), `${rounds} rounds`));
  const counts = [...seen].map(([status, count]) => `${count} × ${status}`).join(", ");
  say(`  one winner in ${won} of ${rounds} rounds; ${counts}`);
}

/** From the answer of `POST /bookings` to the event in the vendor's calendar, one booking at a time. */
export async function benchExport(world: AppWorld, bookings: number): Promise<void> {
  const { person, book } = await openHouse(world);
  const account = "export@example.test";
  await connect(world, person, account);
  const samples: number[] = [];
  for (let at = 0; at < bookings; at += 1) {
    const { status, body } = await book(at, `Export ${at}`);
    if (status !== 201) throw new Error(`booking answered ${status}: ${JSON.stringify(body)}`);
    samples.push(await timed(() => untilVisible(world, account, `Export ${at}`)));
  }
  say(line("booking → event at the vendor", figures(samples), `${bookings} bookings`));
}

async function connect(world: AppWorld, person: Person, account: string): Promise<void> {
  await control(world, "accounts", { email: account, name: account, timeZone: "UTC" });
  const scopes = ["calendar.events", "calendar.calendarlist.readonly"].map(
    (scope) => `https://www.googleapis.com/auth/${scope}`,
  );
  const tokens = (await control(world, "grant", { account, scopes })) as {
    accessToken: string;
    refreshToken: string;
  };
  const now = systemClock().now();
  const connectionId = await createConnection(world.services, person, { ...tokens, accountEmail: account });
  const calendarId = await createCalendar(world.services, connectionId, person, {
    externalId: account,
    timeZone: "UTC",
    changeSeq: 0,
    syncedThrough: now,
    lastSyncedAt: now,
  });
  await world.handle.db.execute(
    sql`update calendar_connections set target_calendar_id = ${calendarId} where id = ${connectionId}`,
  );
}

async function untilVisible(world: AppWorld, account: string, name: string): Promise<void> {
  const until = performance.now() + 30_000;
  const from = systemClock().now();
  const query = new URLSearchParams({
    account,
    from: from.toISOString(),
    to: new Date(from.getTime() + 14 * 24 * HOUR_MS).toISOString(),
  });
  while (performance.now() < until) {
    const response = await fetch(`${world.stack.googleOrigin}/sandbox/api/calendar/events?${query}`);
    if ((await response.text()).includes(name)) return;
  }
  throw new Error(`no event of ${name} appeared`);
}

async function control(world: AppWorld, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${world.stack.googleOrigin}/sandbox/api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

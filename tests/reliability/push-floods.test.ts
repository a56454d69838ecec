import { setTimeout as pause } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarWatches } from "@/db/schema/watches";
import { JOBS } from "@/inngest/jobs";
import { LONGEST_FLOOD_MS } from "@/lib/calendar/flood";
import { tokenHash } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/ids";
import { eventually } from "@/tests/support/eventually";
import { type Killable, startWorker } from "./processes";
import { pushedWorld } from "./pushed-world";

const world = pushedWorld();

/** Once by default; `FLOODS=20` tries each number of processes twenty times. */
const FLOODS = Number(process.env.FLOODS ?? 1);
const SENDERS = 16;

let workers: Killable[] = [];
let calendarId: string;
let email: string;
let watch: { id: string; secret: string; number: number };
let serial = 0;

beforeAll(noteMessages);
beforeEach(async () => {
  serial += 1;
  email = `flood-${serial}@example.test`;
  const place = await world.connect(email);
  calendarId = place.calendarId;
  const now = world.runtime.services.clock.now();
  const later = new Date(now.getTime() + 86_400_000);
  watch = { id: newId(now), secret: newId(now), number: 1 };
  await world.database.db.insert(calendarWatches).values({
    id: watch.id,
    userId: place.person.userId,
    connectionId: place.connectionId,
    calendarId,
    provider: "google",
    resourceId: "resource",
    secretHash: tokenHash(watch.secret),
    requestedAt: now,
    expiresAt: new Date(later.getTime() + 86_400_000),
    renewAt: later,
    verifiedAt: now,
    nextAttemptAt: later,
  });
});
afterEach(stopWorkers);

async function noteMessages(): Promise<void> {
  await world.database.db.execute(sql`
    create table noted_messages (calendar_id uuid not null, at timestamptz not null default clock_timestamp())`);
  await world.database.db.execute(sql`create function note_messages() returns trigger language plpgsql as $$
    begin
      insert into noted_messages (calendar_id)
      select new.id from generate_series(old.change_seq + 1, new.change_seq);
      return null;
    end $$`);
  await world.database.db.execute(sql`create trigger note_messages after update of change_seq on calendars
    for each row execute function note_messages()`);
}

async function stopWorkers(): Promise<void> {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
}

const addEvent = (index: number) => {
  const start = Date.now() + 86_400_000 + index * 3_600_000;
  const time = (ms: number) => ({ dateTime: new Date(ms).toISOString() });
  const event = { summary: `Flood ${index}`, start: time(start), end: time(start + 1_800_000) };
  return world.google.act("events/create", { account: email, event });
};

async function send(id = watch.id): Promise<void> {
  watch.number += 1;
  const answer = await fetch(`${world.server.origin}/api/webhooks/google`, {
    method: "POST",
    headers: {
      "x-goog-channel-id": id,
      "x-goog-channel-token": watch.secret,
      "x-goog-resource-id": "resource",
      "x-goog-resource-state": "exists",
      "x-goog-message-number": String(watch.number),
    },
  });
  expect(answer.status).toBe(id === watch.id ? 204 : 200);
}

/** When each message of the calendar was noted, in milliseconds: what the processes could see of the flood. */
async function noted(): Promise<number[]> {
  const rows = await world.database.db.execute<{ ms: number }>(sql`
    select (extract(epoch from at) * 1000)::float8 as ms from noted_messages
    where calendar_id = ${calendarId} order by at`);
  return rows.map(({ ms }) => ms);
}

/**
 * Rounds that are due to the machine, not to the messages: where it stands still the senders themselves pause, so
 * that four messages take as long as a flood's end, and a flood that lasts too long is read in between.
 */
async function roundsOfSlowness(): Promise<number> {
  const at = await noted();
  let found = Math.floor(((at.at(-1) ?? 0) - (at[0] ?? 0)) / LONGEST_FLOOD_MS);
  for (let index = 0; index + 4 < at.length; index += 1) {
    if ((at[index + 4] ?? 0) - (at[index] ?? 0) < 70) continue;
    found += 1;
    index += 3;
  }
  return found;
}

/** Several senders, each as fast as it is answered, while changes go on. */
async function flood(messages: number): Promise<void> {
  const queue = Array.from({ length: messages }, (_, index) => index).values();
  const stranger = newId(new Date());
  await Promise.all(Array.from({ length: 10 * SENDERS }, () => send(stranger)));
  const sender = async () => {
    for (const index of queue) {
      if (index % 50 === 0) await addEvent(index / 50);
      await send();
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

/** More of the same, and one message more when it is over. */
async function goOn(isOver: () => boolean): Promise<void> {
  const sender = async () => {
    while (!isOver()) await send();
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  await send();
}

const stored = () =>
  world.database.db.query.calendarSyncEvents.findMany({ where: (event) => eq(event.calendarId, calendarId) });
const calendar = async () => {
  const [row] = await world.database.db.select().from(calendars).where(eq(calendars.id, calendarId));
  if (row === undefined) throw new Error("the calendar is gone");
  return row;
};
const pushed = () => world.pushed(calendarId);
const allRead = () =>
  eventually("everything is read, and nothing waits", async () => {
    const { changeSeq, syncedSeq, leaseUntil } = await calendar();
    return changeSeq > 1 && syncedSeq === changeSeq && leaseUntil === null;
  });

const repetitions = Array.from({ length: FLOODS }, (_, index) => index + 1);

describe.each([1, 2])("with %i processes", (processes) => {
  beforeEach(async () => {
    workers = await Promise.all(Array.from({ length: processes }, () => startWorker(world.env)));
  });

  it.each(repetitions)(
    "a thousand messages on one channel cost two rounds at most, nothing lost (%i)",
    async () => {
      await flood(1_000);
      await allRead();
      expect(await stored()).toHaveLength(20);
      const rounds = await pushed();
      expect(rounds.length).toBeGreaterThan(0);
      expect(rounds.length).toBeLessThanOrEqual(2 + (await roundsOfSlowness()));
    },
  );

  it("a stream of twenty a second is read as it comes, none of it lost", async () => {
    for (let index = 0; index < 60; index += 1) {
      await addEvent(index);
      await send();
      await pause(50);
    }
    await allRead();
    expect(await stored()).toHaveLength(60);
    const rounds = await pushed();
    expect(rounds.length).toBeLessThanOrEqual(60);
    expect(rounds.reduce((sum, { imported }) => sum + imported, 0)).toBe(60);
  });
});

it("whoever is killed while it waits for the end of a flood leaves the calendar due", async () => {
  workers = [await startWorker(world.env)];
  const flooding = flood(1_000).then(() => goOn(() => workers.length === 0));
  await eventually("the first round is over", async () => (await pushed()).length > 0);
  await Promise.all(workers.map((worker) => worker.kill()));
  workers = [];
  await flooding;
  const { changeSeq, syncedSeq, nextSyncAt } = await calendar();
  expect(changeSeq).toBeGreaterThan(syncedSeq);
  expect(nextSyncAt.getTime()).toBeLessThanOrEqual(Date.now());
  // A minute passes, and the lease, should it have been at another round when it died.
  await world.database.db.execute(sql`
    update calendars set change_notified_at = change_notified_at - interval '1 minute', lease_until = null`);
  await JOBS["sync-tick"](world.runtime.services);
  expect(await stored()).toHaveLength(20);
  const after = await calendar();
  expect(after.syncedSeq).toBe(after.changeSeq);
});

import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { GET as ready } from "@/app/api/health/ready/route";
import { enqueue, type Nudge } from "@/db/outbox";
import { jobBeats } from "@/db/schema/watches";
import { cronClaims, outbox } from "@/db/schema/work";
import { EVENTS } from "@/inngest/events";
import { adoptRuntime } from "@/inngest/runtime";
import { serveWorld } from "./serve-world";
import { callLike, recordedCall } from "./wire";

const world = serveWorld();
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const connectionId = "01a219e8-b883-7eba-8195-09194ccf44cc";
const calendarIds = ["01a219e8-b914-7aee-bfcd-214ef8aac82c"];

/** One of each kind a write can ask for; a kind that is missing here does not compile. */
const NUDGES: { [N in Nudge["name"]]: Extract<Nudge, { name: N }> } = {
  "calendar/sync.requested": { name: "calendar/sync.requested", data: { connectionId, calendarIds } },
  "calendar/changed": { name: "calendar/changed", data: { connectionId, calendarIds } },
  "calendar/probe.due": { name: "calendar/probe.due", data: { probeId: connectionId } },
  "connection/calendars.stale": { name: "connection/calendars.stale", data: { connectionId } },
  "connection/watches.due": { name: "connection/watches.due", data: { connectionId } },
  "connection/disconnected": { name: "connection/disconnected", data: { connectionId } },
  "connection/exports.due": { name: "connection/exports.due", data: { connectionId } },
  "mail/due": { name: "mail/due", data: {} },
};

const ask = (nudge: Nudge) => enqueue(world.database.db, nudge, world.services.clock.now());
const waiting = () => world.database.db.select().from(outbox);
const refusal = { status: 503, body: '{"error":"no","status":503}' };
/** As often as the SDK tries by itself. */
const DOWN = () => Array<typeof refusal>(5).fill(refusal);

/** Nobody tells the process: each test drains when it wants to. */
async function quietly(work: () => Promise<void>): Promise<void> {
  await world.database.db.execute(sql`alter table outbox disable trigger user`);
  try {
    await work();
  } finally {
    await world.database.db.execute(sql`alter table outbox enable trigger user`);
  }
}

/** The time of another try has come. */
const later = () => world.database.db.update(outbox).set({ nextAttemptAt: world.services.clock.now() });

beforeEach(async () => {
  await world.background.pump.drain();
  world.server.events.length = 0;
  world.server.next.events.length = 0;
});

describe("what is sent to the server", () => {
  it("is ids and nothing else, each event under the id of its row", async () => {
    await quietly(async () => {
      for (const nudge of Object.values(NUDGES)) await ask(nudge);
      const rows = await waiting();
      await world.background.pump.drain();
      expect(world.server.events.map(({ id }) => id).sort()).toEqual(
        rows.map(({ id }) => `outbox-${id}`).sort(),
      );
    });
    expect(world.server.events.map(({ name }) => name).sort()).toEqual(Object.keys(NUDGES).sort());
    for (const { name, data } of world.server.events) {
      const leaves: unknown[] = [];
      JSON.stringify(EVENTS[name as keyof typeof EVENTS].strict().parse(data), (_key, value) => {
        if (typeof value !== "object") leaves.push(value);
        return value as unknown;
      });
      expect(leaves.filter((leaf) => typeof leaf !== "string" || !UUID.test(leaf))).toEqual([]);
    }
    expect(world.server.faults).toEqual([]);
  });

  it("stays while the server is down, and goes under the same id when it is back", async () => {
    await quietly(async () => {
      await ask(NUDGES["connection/watches.due"]);
      const [row] = await waiting();
      world.server.next.events.push(...DOWN());
      await world.background.pump.drain();
      expect(world.server.events).toEqual([]);
      expect(await waiting()).toMatchObject([{ id: row?.id, attempts: 1 }]);
      await later();
      await world.background.pump.drain();
      expect(world.server.events.map(({ id }) => id)).toEqual([`outbox-${row?.id}`]);
      expect(await waiting()).toEqual([]);
    });
  });

  it("goes twice when an answer is lost, under one id, so that the server starts one run", async () => {
    await quietly(async () => {
      await ask(NUDGES["connection/exports.due"]);
      world.server.next.events.push("lost");
      await world.background.pump.drain();
      expect(world.server.events).toHaveLength(2);
      expect(new Set(world.server.events.map(({ id }) => id)).size).toBe(1);
      expect(await waiting()).toEqual([]);
    });
  });

  it("is not lost to a server that refuses the key", async () => {
    await quietly(async () => {
      await ask(NUDGES["mail/due"]);
      world.server.next.events.push(
        ...Array(5).fill({ status: 401, body: '{"error":"Event key not found","status":401}' }),
      );
      await world.background.pump.drain();
      expect(await waiting()).toHaveLength(1);
      world.server.next.events.length = 0;
      await later();
      await world.background.pump.drain();
      expect(await waiting()).toEqual([]);
    });
  });

  it("is found by the server's own cron when nobody heard of it", async () => {
    await quietly(async () => {
      await ask(NUDGES["connection/calendars.stale"]);
      await world.call(callLike(recordedCall("entente-drain-outbox")));
      expect(world.server.events).toMatchObject([{ name: "connection/calendars.stale" }]);
    });
  });
});

describe("a process whose jobs a server runs", () => {
  it("fires no cron of its own", async () => {
    expect(world.background.engine).toBeNull();
    await world.call(callLike(recordedCall("entente-sync-tick")));
    expect(await world.database.db.select().from(cronClaims)).toEqual([]);
  });

  it("does once what two processes are told at the same time", async () => {
    const { connectionId: id, calendarId, email } = await world.person();
    const at = (hours: number) => ({
      dateTime: new Date(world.services.clock.now().getTime() + hours * 3_600_000).toISOString(),
    });
    await world.google.act("events/create", {
      account: email,
      event: { summary: "one", start: at(48), end: at(49) },
    });
    const event = { name: "calendar/changed", data: { connectionId: id, calendarIds: [calendarId] } };
    const call = () => world.call(callLike(recordedCall("entente-calendar-changed"), { event }));
    const answers = await Promise.all([call(), call(), call()]);
    expect(answers.map(({ status }) => status)).toEqual([206, 206, 206]);
    const rows = await world.database.db.execute(
      sql`select 1 from calendar_sync_events where calendar_id = ${calendarId}`,
    );
    expect(rows).toHaveLength(1);
  });

  it("serves on when the server's schedule has stopped, and says so", async () => {
    const answer = async () => (await ready()).json() as Promise<{ status: string; warnings: string[] }>;
    const now = world.services.clock.now();
    adoptRuntime({ ...world.runtime, startedAt: new Date(now.getTime() - 3_600_000) });
    const beat = { job: "sync-tick", startedAt: now };
    await world.database.db
      .insert(jobBeats)
      .values(beat)
      .onConflictDoUpdate({ target: jobBeats.job, set: beat });
    expect((await answer()).warnings).not.toContain("schedule_stopped");
    await world.database.db.update(jobBeats).set({ startedAt: new Date(now.getTime() - 360_000) });
    expect(await answer()).toMatchObject({
      status: "ok",
      warnings: expect.arrayContaining(["schedule_stopped"]),
    });
    adoptRuntime(world.runtime);
  });
});

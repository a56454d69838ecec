import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { calendarSyncEvents, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { notifications } from "@/db/schema/notifications";
import { calendarWatches, jobBeats } from "@/db/schema/watches";
import { EVENTS } from "@/inngest/events";
import { createFunctions } from "@/inngest/functions/all";
import { disconnect } from "@/lib/connections/disconnect";
import { type Connected, serveWorld } from "./serve-world";
import { callLike, nowSeconds, recorded, recordedCall, signature } from "./wire";

const world = serveWorld();
const likeEvent = () => recordedCall("entente-sync-requested");
const likeCron = () => recordedCall("entente-sync-tick");
const askToRegister = () => {
  const found = recorded("start").find(({ request }) => request.method === "PUT");
  if (found === undefined) throw new Error("no recorded request to register");
  return found;
};
const HERE = "http://localhost:3000/api/inngest";

interface Op {
  op: string;
  data?: unknown;
}

/** Calls a function for an event, as the server does; it must come to its end in this one call. */
async function run(fnId: string, event?: { name: string; data: unknown }): Promise<Op[]> {
  const call = event === undefined ? callLike(likeCron(), { fnId }) : callLike(likeEvent(), { fnId, event });
  const response = await world.call(call);
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status: 206 });
  expect(response.headers.get("x-inngest-sdk")).toMatch(/^inngest-js:/);
  expect(response.headers.get("x-inngest-signature")).toMatch(/^t=\d+&s=[0-9a-f]{64}$/);
  const ops = JSON.parse(text) as Op[];
  expect(ops.at(-1)?.op).toBe("RunComplete");
  return ops;
}

const titlesOf = async ({ calendarId }: Connected) =>
  (
    await world.database.db
      .select()
      .from(calendarSyncEvents)
      .where(eq(calendarSyncEvents.calendarId, calendarId))
  )
    .map(({ title }) => title)
    .sort();

async function addEvent({ email }: Connected, summary: string): Promise<void> {
  const at = (hours: number) => ({
    dateTime: new Date(world.services.clock.now().getTime() + hours * 3_600_000).toISOString(),
  });
  await world.google.act("events/create", { account: email, event: { summary, start: at(48), end: at(49) } });
}

beforeEach(() => {
  world.server.checkpoints.length = 0;
});

describe("the functions, called by a server with a signature", () => {
  it("are all registered when the server asks, in the recorded shape", async () => {
    const response = await world.call(callLike(askToRegister()));
    expect(await response.json()).toEqual({ message: "Successfully registered", modified: true });
    const [registration] = world.server.registrations;
    const ours = createFunctions(world.background.client, world.services, world.background.pump);
    expect(registration?.functions.map(({ id }) => id)).toEqual(
      ours.map((each) => `entente-${each.opts.id}`),
    );
    expect(registration?.url).toBe(`http://${askToRegister().request.headers.host}/api/inngest`);
    expect(world.server.faults).toEqual([]);
  });

  it("are all told in band when the server asks for that, and what is secret is told as a hash", async () => {
    const before = world.server.registrations.length;
    const headers = { "x-inngest-sync-kind": "in_band" };
    const response = await world.call(callLike(askToRegister(), { headers }));
    expect(response.headers.get("x-inngest-sync-kind")).toBe("in_band");
    const told = (await response.json()) as { functions: unknown[]; inspection: Record<string, unknown> };
    expect(told.functions).toHaveLength(world.server.registrations[0]?.functions.length ?? -1);
    expect(told.inspection).toMatchObject({
      authentication_succeeded: true,
      mode: "cloud",
      has_event_key: true,
    });
    expect(JSON.stringify(told)).not.toMatch(/0123456789abcdef0123|0fedcba987654321/);
    expect(world.server.registrations).toHaveLength(before);
  });

  it("show themselves to the server when it looks", async () => {
    const headers = { host: "localhost:3000", "x-inngest-signature": signature("", nowSeconds()) };
    const response = await world.call(new Request(HERE, { headers }));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ authentication_succeeded: true, app_id: "entente" });
  });

  it.each(["sync-requested", "calendar-changed"])(
    "%s reads the calendar, also when it is called twice",
    async (fn) => {
      const connected = await world.person();
      const { connectionId, calendarId } = connected;
      await addEvent(connected, `${fn} 1`);
      const name = fn === "sync-requested" ? "calendar/sync.requested" : "calendar/changed";
      const event = { name, data: { connectionId, calendarIds: [calendarId] } };
      const [end] = await run(`entente-${fn}`, event);
      expect(end?.data).toMatchObject({ succeeded: 1, imported: 1 });
      expect(await titlesOf(connected)).toEqual([`${fn} 1`]);
      await run(`entente-${fn}`, event);
      expect(await titlesOf(connected)).toEqual([`${fn} 1`]);
      expect(world.server.checkpoints.map(({ steps }) => steps.map(({ op }) => op))).toEqual([
        ["StepRun"],
        ["StepRun"],
      ]);
      expect(world.server.faults).toEqual([]);
    },
  );

  it("sync-tick hands out what is due under ids that a second call repeats, and sync-shard reads it", async () => {
    const connected = await world.person();
    await addEvent(connected, "due");
    world.server.events.length = 0;
    await run("entente-sync-tick");
    await run("entente-sync-tick");
    const shards = world.server.events.filter(({ name }) => name === "calendar/shard.due");
    expect(shards).toHaveLength(2);
    expect(new Set(shards.map(({ id }) => id)).size).toBe(1);
    expect(shards[0]?.id).toMatch(/^tick-\w+-0$/);
    await run("entente-sync-shard", { name: "calendar/shard.due", data: shards[0]?.data });
    expect(await titlesOf(connected)).toEqual(["due"]);
    expect((await world.database.db.select().from(jobBeats)).map(({ job }) => job)).toContain("sync-tick");
  });

  it("watchdog tells nobody of a silence from before its process began", async () => {
    const { person } = await world.person();
    const hourAgo = new Date(world.services.clock.now().getTime() - 3_600_000);
    await world.database.db.insert(jobBeats).values({ job: "export-pending", startedAt: hourAgo });
    await run("entente-watchdog");
    const told = await world.database.db
      .select()
      .from(notifications)
      .where(eq(notifications.userId, person.userId));
    expect(told).toEqual([]);
    await world.database.db.delete(jobBeats);
  });

  it("calendars-stale lists an account's calendars anew", async () => {
    const { connectionId } = await world.person();
    await run("entente-calendars-stale", { name: "connection/calendars.stale", data: { connectionId } });
    const [row] = await world.database.db
      .select()
      .from(calendars)
      .where(eq(calendars.connectionId, connectionId));
    expect(row?.isPrimary).toBe(true);
  });

  it("watches-due asks the vendor to tell of changes", async () => {
    const { connectionId, calendarId } = await world.person();
    await run("entente-watches-due", { name: "connection/watches.due", data: { connectionId } });
    const rows = await world.database.db.select().from(calendarWatches);
    expect(rows.some((row) => row.calendarId === calendarId)).toBe(true);
  });

  it("connection-disconnected finishes a disconnect", async () => {
    const { person, connectionId } = await world.person();
    await disconnect(world.services, person.ctx(), connectionId, { exportedEvents: "keep" });
    await run("entente-connection-disconnected", { name: "connection/disconnected", data: { connectionId } });
    const left = await world.database.db
      .select()
      .from(calendarConnections)
      .where(eq(calendarConnections.id, connectionId));
    expect(left).toEqual([]);
  });

  it("every other one runs to its end, and a scheduled one notes that it did", async () => {
    const { connectionId } = await world.person();
    const seen = createFunctions(world.background.client, world.services, world.background.pump);
    for (const { opts } of seen) {
      const [trigger] = opts.triggers ?? [];
      const name = trigger !== undefined && "event" in trigger ? String(trigger.event) : undefined;
      if (name === undefined) {
        await run(`entente-${opts.id}`);
        const beats = await world.database.db.select().from(jobBeats).where(eq(jobBeats.job, opts.id));
        expect({ job: opts.id, beats: beats.length }).toEqual({ job: opts.id, beats: 1 });
        continue;
      }
      const data = name === "mail/due" ? {} : { connectionId, calendarIds: [], probeId: connectionId };
      EVENTS[name as keyof typeof EVENTS].parse(data);
      await run(`entente-${opts.id}`, { name, data });
    }
    expect(world.server.faults).toEqual([]);
  });
});

describe("a step whose result the server is told of", () => {
  const due = async () => {
    const connected = await world.person();
    await addEvent(connected, "once");
    const { connectionId, calendarId } = connected;
    const event = { name: "calendar/sync.requested", data: { connectionId, calendarIds: [calendarId] } };
    return { connected, call: () => callLike(likeEvent(), { event }) };
  };

  it("stops the run when the server says that the call is no longer current; the new call doubles nothing", async () => {
    const { connected, call } = await due();
    world.server.next.checkpoint.push({ status: 409, body: '{"error":"stale dispatch"}' });
    const stale = await world.call(call());
    expect({ status: stale.status, noRetry: stale.headers.get("x-inngest-no-retry") }).toEqual({
      status: 400,
      noRetry: "true",
    });
    expect(await stale.json()).toMatchObject({ name: "StaleDispatchError" });
    expect((await world.call(call())).status).toBe(206);
    expect(await titlesOf(connected)).toEqual(["once"]);
  });

  it("goes back with the answer when the server could not take it, so that it is not run again", async () => {
    const { connected, call } = await due();
    world.server.next.checkpoint.push(...Array(5).fill({ status: 503, body: "{}" }));
    const response = await world.call(call());
    expect(response.status).toBe(206);
    const ops = JSON.parse(await response.text()) as Op[];
    expect(ops.map(({ op }) => op)).toEqual(["StepRun"]);
    expect(ops[0]?.data).toMatchObject({ succeeded: 1 });
    expect(await titlesOf(connected)).toEqual(["once"]);
    world.server.next.checkpoint.length = 0;
  });

  it("was taken although the answer was lost: the run goes on", async () => {
    const { connected, call } = await due();
    world.server.next.checkpoint.push("lost");
    const response = await world.call(call());
    expect(JSON.parse(await response.text())).toMatchObject([{ op: "RunComplete" }]);
    expect(await titlesOf(connected)).toEqual(["once"]);
  });
});

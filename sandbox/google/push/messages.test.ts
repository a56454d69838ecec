import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ANN, BEN, type Client, timed } from "../calendar/test-bench";
import { openPushBench, type PushBench } from "./test-receiver";

const HOUR = timed("2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00");

describe("messages", () => {
  let bench: PushBench;
  let ann: Client;
  let calendarId: string;

  beforeEach(async () => {
    bench = await openPushBench();
    ann = bench.client(ANN);
    calendarId = (await bench.act("calendars/create", { account: ANN, summary: "Own" })).id ?? "";
  });
  afterEach(() => bench.close());

  const watch = async (body: object = {}, client = ann) => {
    const { address } = bench.receiver;
    const requestBody = { id: randomUUID(), type: "web_hook", address, ...body };
    return (await client.events.watch({ calendarId, requestBody })).data;
  };
  const create = () => bench.act("events/create", { account: ANN, calendarId, event: HOUR });
  /** States of what arrived since the last call, once everything is out. */
  const arrived = async () => {
    await bench.settle();
    return bench.receiver.received.splice(0);
  };
  const states = async () => (await arrived()).map(({ state }) => state);

  it("A51 the first message is sync with number 1", async () => {
    const { id } = await watch();
    await create();
    const messages = await arrived();
    expect(messages.map(({ state }) => state)).toEqual(["sync", "exists"]);
    expect(messages[0]?.number).toBe(1);
    expect(messages[0]?.headers["x-goog-channel-id"]).toBe(id);
  });

  it("A51 by switch sync arrives before watch has answered", async () => {
    bench.push("syncBeforeResponse", true);
    await watch();
    expect(bench.receiver.received.map(({ state, number }) => [state, number])).toEqual([["sync", 1]]);
  });

  it("A52 a change is one POST without a body that carries all headers", async () => {
    const channel = await watch({ token: "t€ken=1&2" });
    await create();
    const message = (await arrived()).at(-1);
    expect(message).toMatchObject({ method: "POST", path: "/hook", body: "" });
    const { headers = {} } = message ?? {};
    expect(headers).toMatchObject({
      "content-length": "0",
      "user-agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google)",
      "x-goog-channel-id": channel.id,
      "x-goog-channel-expiration": new Date(Number(channel.expiration)).toUTCString(),
      "x-goog-resource-id": channel.resourceId,
      "x-goog-resource-uri": channel.resourceUri,
      "x-goog-resource-state": "exists",
      "x-goog-message-number": expect.stringMatching(/^\d+$/),
    });
    expect(Buffer.from(String(headers["x-goog-channel-token"]), "latin1").toString()).toBe("t€ken=1&2");
  });

  it("A52 a channel without token sends no token header", async () => {
    await watch();
    expect((await arrived())[0]?.headers).not.toHaveProperty("x-goog-channel-token");
  });

  it("A52 numbers grow and leave gaps", async () => {
    await watch();
    for (let index = 0; index < 12; index += 1) await create();
    const numbers = (await arrived()).map(({ number }) => number);
    expect(numbers).toHaveLength(13);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers.at(-1)).toBeGreaterThan(13);
  });

  it("A52 every way to write tells, the client's own writes too, and each act once", async () => {
    await watch();
    expect(await states()).toEqual(["sync"]);
    const series = {
      start: { ...HOUR.start, timeZone: "Europe/Paris" },
      end: { ...HOUR.end, timeZone: "Europe/Paris" },
      recurrence: ["RRULE:FREQ=DAILY"],
    };
    const { id: eventId = "" } = (await ann.events.insert({ calendarId, requestBody: series })).data;
    expect(await states()).toEqual(["exists"]);
    await ann.events.patch({ calendarId, eventId: String(eventId), requestBody: { summary: "New" } });
    expect(await states()).toEqual(["exists"]);
    const instance = `${eventId}_20261203T080000Z`;
    await bench.act("events/edit", {
      account: ANN,
      calendarId,
      eventId: instance,
      change: { summary: "One" },
    });
    expect(await states()).toEqual(["exists"]);
    const following = { account: ANN, calendarId, eventId: instance, scope: "following" };
    await bench.act("events/edit", { ...following, change: { summary: "Rest" } });
    expect(await states()).toEqual(["exists"]);
    await bench.act("bulk", { account: ANN, calendarId, count: 20 });
    expect(await states()).toEqual(["exists"]);
    await ann.events.delete({ calendarId, eventId: String(eventId) });
    expect(await states()).toEqual(["exists"]);
    await ann.events.list({ calendarId });
    expect(await states()).toEqual([]);
  });

  it("A52 each active channel is told, of its own calendar only", async () => {
    await bench.act("calendars/share", { account: ANN, calendarId, with: BEN, role: "reader" });
    const channels = [await watch(), await watch(), await watch({}, bench.client(BEN))];
    const other = (await bench.act("calendars/create", { account: ANN, summary: "Other" })).id;
    await arrived();
    await create();
    const told = (await arrived()).map(({ headers }) => headers["x-goog-channel-id"]);
    expect(told.sort()).toEqual(channels.map(({ id }) => id).sort());
    await bench.act("events/create", { account: ANN, calendarId: other, event: HOUR });
    expect(await arrived()).toEqual([]);
  });

  it("A52 an invitation tells the guest's channel", async () => {
    const { address } = bench.receiver;
    const requestBody = { id: randomUUID(), type: "web_hook", address };
    await bench.client(BEN).events.watch({ calendarId: "primary", requestBody });
    await arrived();
    const event = { ...HOUR, attendees: [{ email: BEN }] };
    await bench.act("events/create", { account: ANN, event });
    expect((await arrived()).map(({ headers }) => headers["x-goog-channel-id"])).toEqual([requestBody.id]);
  });

  it("A52 a channel on the list of calendars is told of new, hidden and deleted entries", async () => {
    const { address } = bench.receiver;
    await ann.calendarList.watch({ requestBody: { id: randomUUID(), type: "web_hook", address } });
    expect(await states()).toEqual(["sync"]);
    const made = await bench.act("calendars/create", { account: ANN, summary: "Second" });
    expect(await states()).toEqual(["exists"]);
    await bench.act("calendars/entry", { account: ANN, calendarId: made.id, hidden: true });
    expect(await states()).toEqual(["exists"]);
    await create();
    expect(await states()).toEqual([]);
    await bench.act("calendars/delete", { account: ANN, calendarId: made.id });
    expect(await states()).toEqual(["exists"]);
  });

  it("A52 a channel on the list is told of names and roles that change, with the list's address", async () => {
    const shared = await bench.act("calendars/create", { account: BEN, summary: "Ben's" });
    const role = (role: string) =>
      bench.act("calendars/share", { account: BEN, calendarId: shared.id, with: ANN, role });
    await role("writer");
    const { address } = bench.receiver;
    await ann.calendarList.watch({ requestBody: { id: randomUUID(), type: "web_hook", address } });
    expect(await states()).toEqual(["sync"]);
    await bench.act("calendars/change", { account: BEN, calendarId: shared.id, summary: "Renamed" });
    const [message, ...others] = await arrived();
    expect(others).toEqual([]);
    expect(message?.headers["x-goog-resource-uri"]).toBe(
      "https://www.googleapis.com/calendar/v3/users/me/calendarList?alt=json",
    );
    await role("reader");
    expect(await states()).toEqual(["exists"]);
    await role("reader");
    expect(await states()).toEqual([]);
    await bench.act("calendars/unshare", { account: BEN, calendarId: shared.id, with: ANN });
    expect(await states()).toEqual(["exists"]);
  });

  it("A54 the sandbox's clock makes a channel silent at its expiration", async () => {
    await watch({ params: { ttl: "600" } });
    expect(await states()).toEqual(["sync"]);
    bench.push("delay", 60);
    await create();
    bench.sandbox.clock.advance(601_000);
    await create();
    expect(await states()).toEqual([]);
    expect((await bench.deliveries())[0]).toMatchObject({ outcome: "expired" });
  });

  it("A54 a stopped channel is silent, or by switch sends one more message", async () => {
    const channels = [await watch(), await watch()];
    expect(await states()).toEqual(["sync", "sync"]);
    await ann.channels.stop({ requestBody: channels[0] });
    bench.push("messageAfterStop", true);
    await ann.channels.stop({ requestBody: channels[1] });
    await create();
    await create();
    const told = (await arrived()).map(({ headers }) => headers["x-goog-channel-id"]);
    expect(told).toEqual([channels[1]?.id]);
  });

  it("A57 a deleted calendar sends not_exists, once", async () => {
    await watch();
    expect(await states()).toEqual(["sync"]);
    await bench.act("calendars/delete", { account: ANN, calendarId });
    expect(await states()).toEqual(["not_exists"]);
  });

  it("A57 so does a calendar that is no longer shared, for the account that lost it", async () => {
    await bench.act("calendars/share", { account: ANN, calendarId, with: BEN, role: "reader" });
    const { id } = await watch({}, bench.client(BEN));
    await arrived();
    await bench.act("calendars/unshare", { account: ANN, calendarId, with: BEN });
    await create();
    const told = (await arrived()).map(({ state, headers }) => [state, headers["x-goog-channel-id"]]);
    expect(told).toEqual([["not_exists", id]]);
  });
});

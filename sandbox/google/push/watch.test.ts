import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ANN, BEN, type Client, refusal, timed } from "../calendar/test-bench";
import { openPushBench, type PushBench } from "./test-receiver";

const DAY = 86_400_000;
const HOUR = timed("2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00");

describe("watch and stop", () => {
  let bench: PushBench;
  let ann: Client;
  let calendarId: string;
  let address: string;

  beforeAll(async () => {
    bench = await openPushBench();
    address = bench.receiver.address;
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    bench.sandbox.switches.reset();
    ann = bench.client(ANN);
    calendarId = (await bench.act("calendars/create", { account: ANN, summary: "Own" })).id ?? "";
  });

  const watch = async (body: object = {}, client = ann, calendar = calendarId) => {
    const requestBody = { id: randomUUID(), type: "web_hook", address, ...body };
    return (await client.events.watch({ calendarId: calendar, requestBody })).data;
  };
  const stop = async (id: unknown, resourceId: unknown, client = ann) =>
    (await client.channels.stop({ requestBody: { id: String(id), resourceId: String(resourceId) } })).status;
  const now = () => bench.sandbox.clock.ms();

  it("A50 watch answers a channel with expiration as text in milliseconds and the address of the resource", async () => {
    const id = randomUUID();
    const expiration = String(now() + DAY);
    const channel = await watch({ id, token: "secret", expiration }, ann, "primary");
    expect(channel).toEqual({
      kind: "api#channel",
      id,
      token: "secret",
      resourceId: expect.stringMatching(/^[\w-]{20,}$/),
      resourceUri: "https://www.googleapis.com/calendar/v3/calendars/primary/events?alt=json",
      expiration: String(Math.floor(Number(expiration) / 1_000) * 1_000),
    });
  });

  it("A50 a channel lives 7 days at most, less when asked by expiration or params.ttl", async () => {
    const life = async (body: object) => {
      const before = now();
      return Math.round((Number((await watch(body)).expiration) - before) / 10_000) * 10_000;
    };
    expect(await life({})).toBe(7 * DAY);
    expect(await life({ expiration: String(now() + 30 * DAY) })).toBe(7 * DAY);
    expect(await life({ params: { ttl: "9999999" } })).toBe(7 * DAY);
    expect(await life({ params: { ttl: "3600" } })).toBe(3_600_000);
    expect(await life({ expiration: String(now() + 2 * DAY) })).toBe(2 * DAY);
    bench.push("maxLifetime", 600);
    expect(await life({})).toBe(600_000);
    expect((await refusal(watch({ expiration: String(now() - 1) }))).status).toBe(400);
    expect((await refusal(watch({ params: { ttl: "soon" } }))).status).toBe(400);
  });

  it("A50 the resourceId is the same for every channel of a user and resource, under any alias", async () => {
    const ben = bench.client(BEN);
    await bench.act("calendars/share", { account: ANN, calendarId, with: BEN, role: "reader" });
    const [first, second, bens] = [await watch(), await watch(), await watch({}, ben)];
    expect(second.resourceId).toBe(first.resourceId);
    expect(bens.resourceId).not.toBe(first.resourceId);
    const byAlias = await watch({}, ann, "primary");
    const byEmail = await watch({}, ann, ANN);
    expect(byEmail.resourceId).toBe(byAlias.resourceId);
    expect(byEmail.resourceUri).toContain(`/calendars/${ANN}/events`);
    const requestBody = { id: randomUUID(), type: "web_hook", address };
    const list = (await ann.calendarList.watch({ requestBody })).data;
    expect(list.resourceUri).toBe("https://www.googleapis.com/calendar/v3/users/me/calendarList?alt=json");
    expect(list.resourceId).not.toBe(byAlias.resourceId);
  });

  it("A50 an id that was used before answers 400 channelIdNotUnique, for the same client only", async () => {
    const { id, resourceId } = await watch();
    const taken = { status: 400, reason: "channelIdNotUnique" };
    expect(await refusal(watch({ id }))).toMatchObject(taken);
    expect(await refusal(watch({ id }, bench.client(BEN), "primary"))).toMatchObject(taken);
    await stop(id, resourceId);
    expect(await refusal(watch({ id }))).toMatchObject(taken);
    const other = bench.sandbox.vault.issueAccess(
      { account: ANN, clientId: "other", scopes: ["https://www.googleapis.com/auth/calendar"] },
      false,
    ).token;
    const response = await bench.raw(ANN, "/calendars/primary/events/watch", {
      method: "POST",
      body: JSON.stringify({ id, type: "web_hook", address }),
      headers: { authorization: `Bearer ${other}` },
    });
    expect(response.status).toBe(200);
  });

  it("A50 the address is https, or http on this machine", async () => {
    const notHttps = { status: 400, reason: "push.webhookUrlNotHttps" };
    for (const bad of [
      "http://hooks.example.com/",
      "http://192.168.0.9/",
      "ftp://localhost/",
      "http://localhost.example.com/",
    ])
      expect(await refusal(watch({ address: bad }))).toMatchObject(notHttps);
    expect((await refusal(watch({ address: "nonsense" }))).status).toBe(400);
    expect((await refusal(watch({ type: "pigeon" }))).status).toBe(400);
    expect((await refusal(watch({ address: "" }))).status).toBe(400);
    for (const good of ["https://hooks.example.com/x", "http://localhost:1/x", "http://[::1]:1/x"])
      await expect(watch({ address: good })).resolves.toBeTruthy();
  });

  it("A50 watching asks for the scopes of reading", async () => {
    const lists = bench.client(ANN, [".calendarlist.readonly"]);
    expect(await refusal(watch({}, lists))).toMatchObject({ status: 403, reason: "insufficientPermissions" });
    const requestBody = { id: randomUUID(), type: "web_hook", address };
    await expect(lists.calendarList.watch({ requestBody })).resolves.toBeTruthy();
    await expect(watch({}, bench.client(ANN, [".events.readonly"]))).resolves.toBeTruthy();
  });

  it("A48 watching a deleted or no longer shared calendar answers 404", async () => {
    const ben = bench.client(BEN);
    await bench.act("calendars/share", { account: ANN, calendarId, with: BEN, role: "reader" });
    await expect(watch({}, ben)).resolves.toBeTruthy();
    await bench.act("calendars/unshare", { account: ANN, calendarId, with: BEN });
    expect((await refusal(watch({}, ben))).status).toBe(404);
    await bench.act("calendars/delete", { account: ANN, calendarId });
    expect(await refusal(watch())).toMatchObject({ status: 404, reason: "notFound" });
  });

  it("A54 stop answers 204, and again 204 or by switch 404", async () => {
    const { id, resourceId } = await watch();
    expect(await stop(id, resourceId)).toBe(204);
    expect(await stop(id, resourceId)).toBe(204);
    bench.push("stopAgain", "404");
    expect((await refusal(stop(id, resourceId))).status).toBe(404);
  });

  it("A54 a wrong resourceId, an unknown id, another user or client cannot stop a channel", async () => {
    const { id, resourceId } = await watch();
    const missing = { status: 404, reason: "notFound" };
    expect(await refusal(stop(id, "wrong"))).toMatchObject(missing);
    expect(await refusal(stop(randomUUID(), resourceId))).toMatchObject(missing);
    expect(await refusal(stop(id, resourceId, bench.client(BEN)))).toMatchObject(missing);
    expect(await stop(id, resourceId)).toBe(204);
  });

  it("A54 after a revocation the channel is silent and cannot be stopped any more", async () => {
    const { id, resourceId } = await watch({ token: "revoked" }, bench.client(BEN), "primary");
    await bench.settle();
    bench.sandbox.vault.revoke(BEN, "bench");
    const before = bench.receiver.received.length;
    await bench.act("events/create", { account: BEN, event: HOUR });
    await bench.settle();
    expect(bench.receiver.received.length).toBe(before);
    expect((await refusal(stop(id, resourceId, bench.client(BEN)))).status).toBe(404);
  });

  it("A55 calendars of holidays and birthdays answer 400 pushNotSupportedForRequestedResource", async () => {
    const id = "addressbook#contacts@group.v.calendar.google.com";
    const made = [
      await bench.act("calendars/create", { account: ANN, summary: "Holidays", kind: "generated" }),
      await bench.act("calendars/create", { account: ANN, summary: "Birthdays", id }),
    ];
    for (const { id: generated = "" } of made) {
      await bench.act("calendars/share", { account: ANN, calendarId: generated, with: ANN, role: "reader" });
      const { status, body } = await refusal(watch({}, ann, String(generated)));
      expect(status).toBe(400);
      const message = "Push notifications are not supported by this resource.";
      const reason = "pushNotSupportedForRequestedResource";
      expect(body).toEqual({
        error: { errors: [{ domain: "calendar", reason, message }], code: 400, message },
      });
    }
  });

  it("A56 an id over 64 or a token over 256 characters answers 400, and shorter ones come back as they are", async () => {
    const token = "t".repeat(256);
    expect((await refusal(watch({ id: "i".repeat(65) }))).status).toBe(400);
    expect((await refusal(watch({ id: "two words" }))).status).toBe(400);
    expect((await refusal(watch({ token: `${token}t` }))).status).toBe(400);
    expect((await refusal(watch({ token: "two\nlines" }))).status).toBe(400);
    expect(await watch({ id: "i".repeat(64), token })).toMatchObject({ id: "i".repeat(64), token });
  });

  it("A61 watching and stopping count among the day's requests, messages do not", async () => {
    const counted = async () => {
      const { byDay } = (await (await fetch(`${bench.origin}/sandbox/api/counters`)).json()) as {
        byDay: Record<string, Record<string, number>>;
      };
      const today = byDay[new Date(now()).toISOString().slice(0, 10)] ?? {};
      const sum = (prefix: string) =>
        Object.entries(today).reduce((all, [name, count]) => all + (name.startsWith(prefix) ? count : 0), 0);
      return { watches: today["calendar.events.watch"] ?? 0, all: sum("calendar.") };
    };
    const before = await counted();
    const { id, resourceId } = await watch();
    await bench.settle();
    await stop(id, resourceId);
    const after = await counted();
    expect([after.watches - before.watches, after.all - before.all]).toEqual([1, 2]);
  });
});

it("A50 a restart finds channels again, stopped ones stay stopped, and numbers go on growing", async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), "sandbox-push-"));
  const first = await openPushBench({ dataDirectory });
  const { address } = first.receiver;
  const watch = (bench: PushBench, id: string) =>
    bench.client(ANN).events.watch({
      calendarId: "primary",
      requestBody: { id, type: "web_hook", address, token: "kept" },
    });
  const { data } = await watch(first, "stays");
  const { data: stopped } = await watch(first, "stopped");
  await first.client(ANN).channels.stop({ requestBody: stopped });
  await first.client(ANN).events.insert({ calendarId: "primary", requestBody: HOUR });
  await first.settle();
  const before = first.receiver.received.at(-1)?.number ?? 0;
  await first.sandbox.close();

  const second = await openPushBench({ dataDirectory });
  first.receiver.received.length = 0;
  await second.client(ANN).events.insert({ calendarId: "primary", requestBody: HOUR });
  await second.settle();
  expect(first.receiver.received).toHaveLength(1);
  expect(first.receiver.received[0]?.headers["x-goog-channel-token"]).toBe("kept");
  expect(first.receiver.received[0]?.number).toBeGreaterThan(before);
  expect((await refusal(watch(second, "stays"))).reason).toBe("channelIdNotUnique");
  expect((await second.client(ANN).channels.stop({ requestBody: data })).status).toBe(204);
  await second.close();
  await first.receiver.close();
  rmSync(dataDirectory, { recursive: true });
});

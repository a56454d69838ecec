import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ANN, BEN, type Bench, type Client, ids, listAll, openBench, refusal, timed } from "./test-bench";

const HOUR = timed("2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00");

describe("writing events", () => {
  let bench: Bench;
  let ann: Client;
  let calendarId: string;

  beforeAll(async () => {
    bench = await openBench();
    ann = bench.client(ANN);
  });
  afterAll(() => bench.sandbox.close());
  beforeEach(async () => {
    calendarId = (await bench.act("calendars/create", { account: ANN, summary: "Own" })).id ?? "";
  });

  const insert = async (event: object, query: object = {}) =>
    (await ann.events.insert({ calendarId, requestBody: { ...HOUR, ...event }, ...query })).data;
  const get = async (eventId: string) => (await ann.events.get({ calendarId, eventId })).data;

  it("A34 a client's id is checked, taken once and for ever in its calendar, free in another", async () => {
    for (const id of ["abcd", "with-hyphen", "UPPER1", "wxyz1"]) {
      expect([id, (await refusal(insert({ id }))).status]).toEqual([id, 400]);
    }
    const { id } = await insert({ id: "ent00001" });
    expect(await refusal(insert({ id }))).toMatchObject({ status: 409, reason: "duplicate" });
    await ann.events.delete({ calendarId, eventId: "ent00001" });
    expect((await refusal(insert({ id }))).status).toBe(409);
    const other = await ann.events.insert({ calendarId: "primary", requestBody: { ...HOUR, id } });
    expect(other.data.id).toBe(id);
  });

  it("A35 an insert can be done and yet answer 500; its repetition answers 409", async () => {
    bench.sandbox.faults.arm({ operation: "calendar.events.insert", kind: "error_after" });
    expect((await refusal(insert({ id: "ent00002" }))).status).toBe(500);
    expect((await refusal(insert({ id: "ent00002" }))).status).toBe(409);
    expect((await get("ent00002")).status).toBe("confirmed");
  });

  it("A36 status=confirmed revives a deleted event, or answers 403 by switch", async () => {
    const eventId = (await insert({})).id ?? "";
    await ann.events.delete({ calendarId, eventId });
    const requestBody = { ...HOUR, status: "confirmed" };
    bench.set("reviveForbidden", true);
    expect(await refusal(ann.events.update({ calendarId, eventId, requestBody }))).toMatchObject({
      status: 403,
      reason: "forbidden",
    });
    bench.set("reviveForbidden", false);
    await ann.events.patch({ calendarId, eventId, requestBody: { status: "confirmed" } });
    expect((await get(eventId)).status).toBe("confirmed");
    expect(ids((await listAll(ann, { calendarId })).items)).toEqual([eventId]);
  });

  it("A37 If-Match guards writes, insert ignores it, and a 412 can come without it", async () => {
    const event = await insert({});
    const write = (etag: string, method: "PATCH" | "DELETE" = "PATCH") =>
      bench.raw(ANN, `/calendars/${encodeURIComponent(calendarId)}/events/${event.id}`, {
        method,
        headers: { "if-match": etag },
        ...(method === "PATCH" && { body: '{"summary":"X"}' }),
      });
    expect((await write(event.etag ?? "")).status).toBe(200);
    const stale = await write(event.etag ?? "");
    expect([stale.status, ((await stale.json()) as { error: { message: string } }).error.message]).toEqual([
      412,
      "Precondition Failed",
    ]);
    expect((await write(event.etag ?? "", "DELETE")).status).toBe(412);
    expect((await write("*")).status).toBe(200);
    const inserted = await bench.raw(ANN, "/calendars/primary/events", {
      method: "POST",
      headers: { "if-match": '"0"' },
      body: JSON.stringify(HOUR),
    });
    expect(inserted.status).toBe(200);
    bench.set("spuriousPreconditions", 1);
    const patch = () =>
      ann.events.patch({ calendarId, eventId: event.id ?? "", requestBody: { summary: "Y" } });
    expect((await refusal(patch())).status).toBe(412);
    expect((await patch()).status).toBe(200);
  });

  it("A38 patch merges, update replaces, arrays are replaced whole", async () => {
    const attendees = [{ email: "a@x.test" }, { email: "b@x.test" }];
    const eventId = (await insert({ summary: "A", location: "Here", attendees })).id ?? "";
    await ann.events.patch({
      calendarId,
      eventId,
      requestBody: { summary: "B", attendees: [{ email: "c@x.test" }] },
    });
    const patched = await get(eventId);
    expect(patched).toMatchObject({ summary: "B", location: "Here" });
    expect(patched.attendees?.map(({ email }) => email)).toEqual(["c@x.test"]);
    await ann.events.update({ calendarId, eventId, requestBody: { ...HOUR, summary: "C" } });
    const replaced = await get(eventId);
    expect([replaced.summary, replaced.location, replaced.attendees]).toEqual(["C", undefined, undefined]);
  });

  it("A39 delete answers 204, then 410, 404 for strangers, and get still shows the event", async () => {
    const eventId = (await insert({})).id ?? "";
    expect((await ann.events.delete({ calendarId, eventId })).status).toBe(204);
    expect(await refusal(ann.events.delete({ calendarId, eventId }))).toMatchObject({
      status: 410,
      reason: "deleted",
    });
    expect((await refusal(ann.events.delete({ calendarId, eventId: "unknown" }))).status).toBe(404);
    expect(await get(eventId)).toMatchObject({ id: eventId, status: "cancelled" });
  });

  it("A40 private properties stay on their copy and can be searched", async () => {
    const mine = await insert({ extendedProperties: { private: { booking: "7", kind: "a" } } });
    await insert({ extendedProperties: { private: { booking: "8" } } });
    const found = await listAll(ann, { calendarId, privateExtendedProperty: ["booking=7"] });
    expect(ids(found.items)).toEqual([mine.id]);
    const requestBody = { extendedProperties: { private: { kind: "b" } } };
    const { data } = await ann.events.patch({ calendarId, eventId: mine.id ?? "", requestBody });
    expect(data.extendedProperties?.private).toEqual({ booking: "7", kind: "b" });
    const both = await listAll(ann, { calendarId, privateExtendedProperty: ["booking=7", "kind=a"] });
    expect(both.items).toEqual([]);
  });

  it("A41 move keeps the id, leaves a tombstone behind and takes default events only", async () => {
    const other = (await bench.act("calendars/create", { account: ANN, summary: "Other" })).id ?? "";
    const { syncToken } = await listAll(ann, { calendarId });
    const eventId = (await insert({ summary: "Moving" })).id ?? "";
    const moved = await ann.events.move({ calendarId, eventId, destination: other });
    expect(moved.data).toMatchObject({
      id: eventId,
      summary: "Moving",
      organizer: { email: other, self: true },
    });
    bench.set("tombstone", "sparse");
    const { items } = await listAll(ann, { calendarId, syncToken });
    bench.set("tombstone", "full");
    expect(items).toEqual([{ id: eventId, status: "cancelled" }]);
    const focus = (await insert({ eventType: "focusTime" })).id ?? "";
    expect((await refusal(ann.events.move({ calendarId, eventId: focus, destination: other }))).status).toBe(
      400,
    );
  });

  it("A42 import writes one event per iCalUID and needs one", async () => {
    const imported = async (summary: string, iCalUID?: string) =>
      (await ann.events.import({ calendarId, requestBody: { ...HOUR, summary, iCalUID } })).data;
    const first = await imported("One", "uid-1@x.test");
    const second = await imported("Two", "uid-1@x.test");
    expect([second.id, second.summary]).toEqual([first.id, "Two"]);
    expect((await refusal(imported("None"))).status).toBe(400);
  });

  it("A43 a conference needs conferenceDataVersion=1 and is pending before it succeeds", async () => {
    const conferenceData = {
      createRequest: { requestId: "r1", conferenceSolutionKey: { type: "hangoutsMeet" } },
    };
    expect(await insert({ conferenceData })).not.toHaveProperty("conferenceData");
    const made = await insert({ conferenceData }, { conferenceDataVersion: 1 });
    expect(made.conferenceData?.createRequest?.status?.statusCode).toBe("pending");
    await expect
      .poll(async () => (await get(made.id ?? "")).conferenceData?.entryPoints?.[0]?.uri)
      .toMatch(/^https:\/\/meet/);
    const requestBody = { summary: "Kept" };
    const { data } = await ann.events.patch({ calendarId, eventId: made.id ?? "", requestBody });
    expect(data.conferenceData?.createRequest?.status?.statusCode).toBe("success");
  });

  it("A44 readers may not write, and guests may not change what the organizer shares", async () => {
    await bench.act("calendars/share", { account: ANN, calendarId, with: BEN, role: "reader" });
    const ben = bench.client(BEN);
    expect(await refusal(ben.events.insert({ calendarId, requestBody: HOUR }))).toMatchObject({
      status: 403,
      reason: "requiredAccessLevel",
    });
    const invited = await bench.act("events/create", {
      account: ANN,
      calendarId: "primary",
      event: { ...HOUR, attendees: [{ email: ANN }, { email: BEN }] },
      organizer: BEN,
    });
    const patch = (requestBody: object) =>
      ann.events.patch({ calendarId: "primary", eventId: invited.id ?? "", requestBody });
    expect(await refusal(patch({ summary: "Mine now" }))).toMatchObject({
      status: 403,
      reason: "forbiddenForNonOrganizer",
    });
    const attendees = [{ email: BEN }, { email: ANN, responseStatus: "accepted" }];
    expect((await patch({ attendees })).data.attendees?.[1]?.responseStatus).toBe("accepted");
  });

  it("A59 a flood of writes makes the account read-only for hours", async () => {
    const { id = "" } = await bench.act("calendars/create", { account: BEN, summary: "Flooded" });
    const ben = bench.client(BEN);
    const write = () => ben.events.insert({ calendarId: id ?? "", requestBody: HOUR });
    bench.set("writesPerHour", 3);
    for (let count = 0; count < 3; count += 1) await write();
    expect(await refusal(write())).toMatchObject({
      status: 403,
      reason: "quotaExceeded",
      body: { error: { message: "Calendar usage limits exceeded." } },
    });
    await expect(ben.events.list({ calendarId: id ?? "" })).resolves.toBeTruthy();
    bench.sandbox.clock.advance(2 * 3_600_000);
    expect(
      (await refusal(bench.client(BEN).events.insert({ calendarId: id ?? "", requestBody: HOUR }))).status,
    ).toBe(403);
    bench.sandbox.clock.advance(2 * 3_600_000);
    await bench.client(BEN).events.insert({ calendarId: id ?? "", requestBody: HOUR });
    bench.sandbox.clock.advance(-4 * 3_600_000);
    bench.set("writesPerHour", 10_000);
  });

  it("a single instance can be written and deleted like an event", async () => {
    const series = await insert({
      start: { dateTime: "2026-12-01T09:00:00", timeZone: "Europe/Paris" },
      end: { dateTime: "2026-12-01T10:00:00", timeZone: "Europe/Paris" },
      recurrence: ["RRULE:FREQ=DAILY;COUNT=3"],
    });
    const eventId = `${series.id}_20261202T080000Z`;
    await ann.events.patch({ calendarId, eventId, requestBody: { summary: "Only this" } });
    await ann.events.delete({ calendarId, eventId: `${series.id}_20261203T080000Z` });
    const { items } = await listAll(ann, { calendarId, singleEvents: true });
    expect(items.map(({ summary }) => summary)).toEqual([undefined, "Only this"]);
  });
});

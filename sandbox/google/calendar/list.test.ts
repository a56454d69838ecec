import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ANN, type Bench, type Client, ids, listAll, openBench, refusal, timed } from "./test-bench";

describe("events.list", () => {
  let bench: Bench;
  let ann: Client;
  let calendarId: string;

  beforeAll(async () => {
    bench = await openBench();
    ann = bench.client(ANN);
  });
  afterAll(() => bench.sandbox.close());
  beforeEach(async () => {
    const made = await bench.act("calendars/create", { account: ANN, summary: "Own" });
    calendarId = made.id ?? "";
  });

  const add = (event: object, id = calendarId) =>
    bench.act("events/create", { account: ANN, calendarId: id, event });
  const hour = (day: number, hours = 9) => {
    const at = (h: number) =>
      `2026-12-${String(day).padStart(2, "0")}T${String(h).padStart(2, "0")}:00:00+01:00`;
    return timed(at(hours), at(hours + 1));
  };

  it("A1 the sync token comes on the last page only, never beside a page token", async () => {
    for (let day = 1; day <= 5; day += 1) await add(hour(day));
    let pageToken: string | undefined;
    const seen: boolean[] = [];
    do {
      const { data } = await ann.events.list({ calendarId, maxResults: 2, pageToken });
      expect(Boolean(data.nextPageToken)).not.toBe(Boolean(data.nextSyncToken));
      seen.push(Boolean(data.nextSyncToken));
      pageToken = data.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
    expect(seen).toEqual([false, false, true]);
  });

  it("A2 a page may be empty and still have a next one", async () => {
    for (let day = 1; day <= 3; day += 1) await add(hour(day));
    bench.set("emptyPages", true);
    const { pages, syncToken } = await listAll(ann, { calendarId, maxResults: 2 });
    bench.set("emptyPages", false);
    expect(pages.map((page) => page.length)).toEqual([2, 0, 1]);
    expect(syncToken).toBeTruthy();
  });

  it("A3 a page holds 250 events unless asked, and never more than 2,500", async () => {
    await bench.act("bulk", { account: ANN, calendarId, count: 2_600 });
    const usual = await ann.events.list({ calendarId });
    const most = await ann.events.list({ calendarId, maxResults: 9_999 });
    expect([usual.data.items?.length, most.data.items?.length]).toEqual([250, 2_500]);
  });

  it("A17 without showDeleted and singleEvents cancelled exceptions are still listed", async () => {
    const series = await add({ ...hour(1), recurrence: ["RRULE:FREQ=DAILY;COUNT=5"] });
    const single = await add(hour(20));
    const eventId = `${series.id}_20261202T080000Z`;
    await bench.act("events/delete", { account: ANN, calendarId, eventId });
    await bench.act("events/delete", { account: ANN, calendarId, eventId: single.id });
    expect(ids((await listAll(ann, { calendarId })).items)).toEqual([series.id, eventId]);
    expect((await listAll(ann, { calendarId, singleEvents: true })).items).toHaveLength(4);
    const deleted = await listAll(ann, { calendarId, singleEvents: true, showDeleted: true });
    expect(deleted.items).toHaveLength(6);
  });

  it("A18 timeMin bounds ends and timeMax starts, both exclusive", async () => {
    const event = await add(timed("2026-12-01T09:00:00+01:00", "2026-12-01T12:00:00+01:00"));
    const list = async (timeMin: string, timeMax: string) =>
      ids((await listAll(ann, { calendarId, timeMin, timeMax })).items);
    expect(await list("2026-12-01T10:00:00+01:00", "2026-12-02T00:00:00Z")).toEqual([event.id]);
    expect(await list("2026-12-01T12:00:00+01:00", "2026-12-02T00:00:00Z")).toEqual([]);
    expect(await list("2026-11-30T00:00:00Z", "2026-12-01T09:00:00+01:00")).toEqual([]);
    expect(await list("2026-11-30T00:00:00Z", "2026-12-01T09:00:01+01:00")).toEqual([event.id]);
    const same = "2026-12-01T00:00:00Z";
    expect(await refusal(list(same, same))).toMatchObject({ status: 400, reason: "timeRangeEmpty" });
    expect((await refusal(list("2026-12-01T00:00:00", "2026-12-02T00:00:00Z"))).status).toBe(400);
  });

  it("A19 the root carries zone, role, name, time of change and etag", async () => {
    const { data } = await ann.events.list({ calendarId: "primary" });
    expect(data).toMatchObject({
      kind: "calendar#events",
      summary: ANN,
      timeZone: "Europe/Paris",
      accessRole: "owner",
      defaultReminders: expect.any(Array),
      updated: expect.stringMatching(/^2026-11-18T/),
      etag: expect.stringMatching(/^".+"$/),
    });
  });

  it("A20 tokens are opaque and belong to one user, calendar and parameter set", async () => {
    const plain = (await listAll(ann, { calendarId })).syncToken;
    const single = (await listAll(ann, { calendarId, singleEvents: true })).syncToken;
    expect(plain).not.toBe(single);
    expect((await refusal(ann.events.list({ calendarId, syncToken: single }))).status).toBe(400);
    expect((await refusal(ann.events.list({ calendarId, syncToken: "CAAAnonsense=" }))).status).toBe(400);
    const cut = ann.events.list({ calendarId, syncToken: plain?.slice(0, -3) });
    expect((await refusal(cut)).status).toBe(400);
  });

  it("fields, maxAttendees and unknown parameters are tolerated", async () => {
    const attendees = [{ email: "a@x.test" }, { email: "b@x.test" }];
    await add({ ...hour(1), summary: "Big", attendees });
    const { data } = await ann.events.list({
      calendarId,
      maxAttendees: 1,
      fields: "nextSyncToken,items(id,summary,attendees/email,attendeesOmitted)",
      ...{ unheardOf: "1" },
    });
    expect(Object.keys(data).sort()).toEqual(["items", "nextSyncToken"]);
    expect(data.items).toEqual([
      { id: expect.any(String), summary: "Big", attendees: [], attendeesOmitted: true },
    ]);
  });
});

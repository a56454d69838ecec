import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ANN, BEN, type Bench, type Client, ids, listAll, openBench, refusal, timed } from "./test-bench";

describe("incremental events.list", () => {
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

  it("A4 a sync token forbids filters, bounds, order and showDeleted=false", async () => {
    const { syncToken } = await listAll(ann, { calendarId });
    const at = "2026-12-01T00:00:00Z";
    const forbidden = {
      iCalUID: "x",
      orderBy: "updated",
      privateExtendedProperty: ["a=b"],
      q: "x",
      sharedExtendedProperty: ["a=b"],
      timeMin: at,
      timeMax: at,
      updatedMin: at,
      showDeleted: false,
    };
    for (const [name, value] of Object.entries(forbidden)) {
      const { status } = await refusal(ann.events.list({ calendarId, syncToken, [name]: value }));
      expect([name, status]).toEqual([name, 400]);
    }
    await expect(ann.events.list({ calendarId, syncToken, showDeleted: true })).resolves.toBeTruthy();
  });

  it("A5 other parameters than the first list's are refused or, by switch, silently ignored", async () => {
    const { syncToken } = await listAll(ann, { calendarId, singleEvents: true });
    await add({ ...hour(1), recurrence: ["RRULE:FREQ=DAILY;COUNT=3"] });
    const other = () => ann.events.list({ calendarId, syncToken, singleEvents: false });
    expect((await refusal(other())).status).toBe(400);
    bench.set("parameterMismatch", "silent");
    const { data } = await other();
    bench.set("parameterMismatch", "reject");
    expect(data.items).toHaveLength(3);
  });

  it("A6 a delta holds everything that changed, not clipped to the first list's bounds, unless switched", async () => {
    const bounds = { timeMin: "2026-12-01T00:00:00Z", timeMax: "2026-12-10T00:00:00Z" };
    const kept = await add(hour(2));
    const gone = await add(hour(3));
    const first = await listAll(ann, { calendarId, ...bounds });
    const far = await add(hour(28));
    await bench.act("events/edit", {
      account: ANN,
      calendarId,
      eventId: kept.id,
      change: { summary: "New" },
    });
    await bench.act("events/delete", { account: ANN, calendarId, eventId: gone.id });
    const delta = await listAll(ann, { calendarId, syncToken: first.syncToken });
    expect(delta.items.map(({ id, status }) => [id, status])).toEqual([
      [far.id, "confirmed"],
      [kept.id, "confirmed"],
      [gone.id, "cancelled"],
    ]);
    bench.set("unclippedDeltas", false);
    const clipped = await listAll(ann, { calendarId, syncToken: first.syncToken });
    bench.set("unclippedDeltas", true);
    expect(ids(clipped.items)).toEqual([kept.id, gone.id]);
  });

  it("A7 a touched unlimited series delivers its instances for 13 years over many pages", async () => {
    const series = await add({ ...hour(1), recurrence: ["RRULE:FREQ=WEEKLY"] });
    const bounds = { timeMin: "2026-11-17T00:00:00Z", timeMax: "2027-02-20T00:00:00Z" };
    const first = await listAll(ann, { calendarId, singleEvents: true, ...bounds });
    expect(first.items).toHaveLength(12);
    await bench.act("events/edit", {
      account: ANN,
      calendarId,
      eventId: series.id,
      change: { summary: "Touched" },
    });
    const delta = await listAll(ann, { calendarId, singleEvents: true, syncToken: first.syncToken });
    expect(delta.pages.length).toBeGreaterThan(2);
    expect(delta.items.length).toBeGreaterThan(675);
    expect(delta.items.at(-1)?.start?.dateTime).toMatch(/^2039-11/);
    expect(new Set(ids(delta.items)).size).toBe(delta.items.length);
    expect(delta.items.every(({ summary }) => summary === "Touched")).toBe(true);
    bench.set("seriesYears", 1);
    const short = await listAll(ann, { calendarId, singleEvents: true, syncToken: first.syncToken });
    bench.set("seriesYears", 13);
    expect(short.items.length).toBeLessThan(54);
  });

  it("A8 time passing alone puts nothing into a delta", async () => {
    await add({ ...hour(1), recurrence: ["RRULE:FREQ=DAILY"] });
    const first = await listAll(ann, {
      calendarId,
      singleEvents: true,
      timeMin: "2026-11-17T00:00:00Z",
      timeMax: "2026-12-03T00:00:00Z",
    });
    bench.sandbox.clock.advance(10 * 86_400_000);
    const delta = await listAll(bench.client(ANN), {
      calendarId,
      singleEvents: true,
      syncToken: first.syncToken,
    });
    bench.sandbox.clock.advance(-10 * 86_400_000);
    expect(delta.items).toEqual([]);
    expect(delta.syncToken).toBeTruthy();
  });

  const GONE = {
    error: {
      errors: [
        {
          domain: "calendar",
          reason: "fullSyncRequired",
          message: "Sync token is no longer valid, a full sync is required.",
          locationType: "parameter",
          location: "syncToken",
        },
      ],
      code: 410,
      message: "Sync token is no longer valid, a full sync is required.",
    },
  };

  it("A9 a token that is old, invalidated or somebody else's answers 410 fullSyncRequired", async () => {
    const { syncToken } = await listAll(ann, { calendarId });
    const other = await bench.act("calendars/create", { account: ANN, summary: "Other" });
    expect((await refusal(ann.events.list({ calendarId: other.id ?? "", syncToken }))).body).toEqual(GONE);
    await bench.act("calendars/share", { account: ANN, calendarId, with: BEN, role: "reader" });
    const ben = bench.client(BEN);
    expect((await refusal(ben.events.list({ calendarId, syncToken }))).body).toEqual(GONE);
    const bens = await listAll(ben, { calendarId });
    await bench.act("calendars/share", { account: ANN, calendarId, with: BEN, role: "writer" });
    expect((await refusal(ben.events.list({ calendarId, syncToken: bens.syncToken }))).body).toEqual(GONE);

    await expect(ann.events.list({ calendarId, syncToken })).resolves.toBeTruthy();
    await bench.act("calendars/invalidate-tokens", { account: ANN, calendarId });
    expect((await refusal(ann.events.list({ calendarId, syncToken }))).body).toEqual(GONE);

    const fresh = await listAll(ann, { calendarId });
    bench.sandbox.clock.advance(31 * 86_400_000);
    const later = bench.client(ANN);
    expect((await refusal(later.events.list({ calendarId, syncToken: fresh.syncToken }))).body).toEqual(GONE);
    bench.set("goneWithoutErrors", true);
    const bare = await refusal(later.events.list({ calendarId, syncToken: fresh.syncToken }));
    bench.set("goneWithoutErrors", false);
    bench.sandbox.clock.advance(-31 * 86_400_000);
    expect([bare.status, bare.reason]).toEqual([410, undefined]);
  });

  it("A9 the 410 can come on the second page of a delta", async () => {
    const { syncToken } = await listAll(ann, { calendarId });
    for (let day = 1; day <= 3; day += 1) await add(hour(day));
    await bench.act("calendars/invalidate-tokens", { account: ANN, calendarId, when: "next_page" });
    const { data } = await ann.events.list({ calendarId, syncToken, maxResults: 2 });
    const second = ann.events.list({
      calendarId,
      syncToken,
      maxResults: 2,
      pageToken: data.nextPageToken ?? "",
    });
    expect(await refusal(second)).toMatchObject({ status: 410, reason: "fullSyncRequired" });
    expect((await refusal(ann.events.list({ calendarId, syncToken }))).status).toBe(410);
  });

  it("A10 a full list after a 410 holds no tombstones", async () => {
    const event = await add(hour(1));
    await bench.act("events/delete", { account: ANN, calendarId, eventId: event.id });
    await bench.act("calendars/invalidate-tokens", { account: ANN, calendarId });
    expect((await listAll(ann, { calendarId, singleEvents: true })).items).toEqual([]);
  });

  it("A11 an updatedMin too far back answers 410 updatedMinTooLongAgo, a recent one includes deletions", async () => {
    const event = await add(hour(1));
    await bench.act("events/delete", { account: ANN, calendarId, eventId: event.id });
    const recent = await listAll(ann, { calendarId, updatedMin: "2026-11-18T00:00:00Z" });
    expect(recent.items.map(({ id, status }) => [id, status])).toEqual([[event.id, "cancelled"]]);
    expect(recent.syncToken).toBeUndefined();
    const old = ann.events.list({ calendarId, updatedMin: "2026-10-01T00:00:00Z" });
    expect(await refusal(old)).toMatchObject({ status: 410, reason: "updatedMinTooLongAgo" });
  });

  it("A12 an older token stays valid after a newer one and gives the changes again", async () => {
    const { syncToken } = await listAll(ann, { calendarId });
    const event = await add(hour(1));
    const once = await listAll(ann, { calendarId, syncToken });
    await bench.act("events/edit", {
      account: ANN,
      calendarId,
      eventId: event.id,
      change: { summary: "Later" },
    });
    const again = await listAll(ann, { calendarId, syncToken });
    expect([ids(once.items), ids(again.items)]).toEqual([[event.id], [event.id]]);
    expect(again.items[0]?.summary).toBe("Later");
  });

  it("A13 a delta holds the latest state once; by switch a later page repeats an older state", async () => {
    const { syncToken } = await listAll(ann, { calendarId });
    const changed = await add({ ...hour(1), summary: "Before" });
    for (let day = 2; day <= 4; day += 1) await add(hour(day));
    const between = (await listAll(ann, { calendarId, syncToken })).syncToken;
    await bench.act("events/edit", {
      account: ANN,
      calendarId,
      eventId: changed.id,
      change: { summary: "After" },
    });
    for (let day = 5; day <= 6; day += 1) await add(hour(day));
    const clean = await listAll(ann, { calendarId, syncToken: between, maxResults: 2 });
    expect(new Set(ids(clean.items)).size).toBe(3);
    bench.set("duplicates", true);
    bench.set("emptyPages", true);
    const doubled = await listAll(ann, { calendarId, syncToken: between, maxResults: 2 });
    bench.set("duplicates", false);
    bench.set("emptyPages", false);
    const states = doubled.items.filter(({ id }) => id === changed.id);
    expect(states.map(({ summary }) => summary)).toEqual(["After", "Before"]);
    expect((states[0]?.updated ?? "") > (states[1]?.updated ?? "")).toBe(true);
  });

  it("A14 the tombstone of a single event has the shape of the switch", async () => {
    const { syncToken } = await listAll(ann, { calendarId });
    const event = await add({ ...hour(1), summary: "Gone" });
    await bench.act("events/delete", { account: ANN, calendarId, eventId: event.id });
    const shapeOf = async (shape: string) => {
      bench.set("tombstone", shape);
      const { items } = await listAll(ann, { calendarId, syncToken });
      bench.set("tombstone", "full");
      return items[0] ?? {};
    };
    expect(await shapeOf("sparse")).toEqual({ id: event.id, status: "cancelled" });
    expect(Object.keys(await shapeOf("medium")).sort()).toEqual(["etag", "id", "kind", "status"]);
    expect(await shapeOf("full")).toMatchObject({ summary: "Gone", status: "cancelled", start: event.start });
  });

  it("A15 a cancelled instance names its series and original start only when the switch says so", async () => {
    const series = await add({ ...hour(1), recurrence: ["RRULE:FREQ=DAILY;COUNT=5"] });
    const { syncToken } = await listAll(ann, { calendarId, singleEvents: true });
    const eventId = `${series.id}_20261202T080000Z`;
    await bench.act("events/delete", { account: ANN, calendarId, eventId });
    bench.set("tombstone", "sparse");
    const full = await listAll(ann, { calendarId, singleEvents: true, syncToken });
    bench.set("sparseInstanceTombstones", true);
    const sparse = await listAll(ann, { calendarId, singleEvents: true, syncToken });
    bench.set("sparseInstanceTombstones", false);
    bench.set("tombstone", "full");
    expect(full.items).toMatchObject([
      {
        id: eventId,
        recurringEventId: series.id,
        originalStartTime: { dateTime: "2026-12-02T09:00:00+01:00" },
      },
    ]);
    expect(sparse.items).toEqual([{ id: eventId, status: "cancelled" }]);
  });

  it("A16 a deleted series is one cancelled master, or its cancelled instances, 180 days of them by switch", async () => {
    const series = await add({ ...hour(1), recurrence: ["RRULE:FREQ=WEEKLY;COUNT=104"] });
    const single = (await listAll(ann, { calendarId, singleEvents: true })).syncToken;
    const masters = (await listAll(ann, { calendarId })).syncToken;
    await bench.act("events/delete", { account: ANN, calendarId, eventId: series.id });
    const master = await listAll(ann, { calendarId, syncToken: masters });
    expect(master.items).toMatchObject([{ id: series.id, status: "cancelled" }]);
    const all = await listAll(ann, { calendarId, singleEvents: true, syncToken: single });
    expect(all.items).toHaveLength(104);
    expect(all.items.every(({ status }) => status === "cancelled")).toBe(true);
    bench.set("shortSeriesTombstones", true);
    const short = await listAll(ann, { calendarId, singleEvents: true, syncToken: single });
    bench.set("shortSeriesTombstones", false);
    expect(short.items).toHaveLength(24);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  ANN,
  type Bench,
  type Client,
  type Event,
  ids,
  listAll,
  openBench,
  refusal,
  timed,
} from "./test-bench";

describe("recurring events", () => {
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

  const add = (event: object) => bench.act("events/create", { account: ANN, calendarId, event });
  const edit = (eventId: string, change: object, scope = "this") =>
    bench.act("events/edit", { account: ANN, calendarId, eventId, change, scope });
  const remove = (eventId: string, scope = "this") =>
    bench.act("events/delete", { account: ANN, calendarId, eventId, scope });
  const instances = async (bounds: object = {}) =>
    (await listAll(ann, { calendarId, singleEvents: true, ...bounds })).items;
  const starts = (events: readonly Event[]) => events.map(({ start }) => start?.dateTime ?? start?.date);
  const nine = (day: string, recurrence: string[], zone = "Europe/Paris") => ({
    ...timed(`${day}T09:00:00`, `${day}T10:00:00`, zone),
    recurrence,
  });

  const rules: [string, string, string[], string[]][] = [
    [
      "daily with an interval",
      "2026-12-01",
      ["RRULE:FREQ=DAILY;INTERVAL=3;COUNT=3"],
      ["2026-12-01", "2026-12-04", "2026-12-07"],
    ],
    [
      "weekly by day until a moment",
      "2026-12-01",
      ["RRULE:FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261210T080000Z"],
      ["2026-12-01", "2026-12-03", "2026-12-08", "2026-12-10"],
    ],
    [
      "weekly until a moment that just excludes the last",
      "2026-12-01",
      ["RRULE:FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261210T075959Z"],
      ["2026-12-01", "2026-12-03", "2026-12-08"],
    ],
    [
      "monthly by month day",
      "2026-12-31",
      ["RRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3"],
      ["2026-12-31", "2027-01-31", "2027-03-31"],
    ],
    [
      "monthly on the last Friday",
      "2026-12-25",
      ["RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2"],
      ["2026-12-25", "2027-01-29"],
    ],
    ["yearly", "2026-12-24", ["RRULE:FREQ=YEARLY;COUNT=2"], ["2026-12-24", "2027-12-24"]],
    [
      "with exclusions in a zone",
      "2026-12-01",
      ["RRULE:FREQ=DAILY;COUNT=4", "EXDATE;TZID=Europe/Paris:20261202T090000,20261203T090000"],
      ["2026-12-01", "2026-12-04"],
    ],
    [
      "with an exclusion in UTC",
      "2026-12-01",
      ["RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261202T080000Z"],
      ["2026-12-01", "2026-12-03"],
    ],
    ["from dates alone", "2026-12-01", ["RDATE:20261205T080000Z"], ["2026-12-01", "2026-12-05"]],
  ];

  it.each(rules)("A21 a rule %s expands", async (_, day, recurrence, expected) => {
    await add(nine(day, recurrence));
    expect(starts(await instances()).map((start) => start?.slice(0, 10))).toEqual(expected);
  });

  it("A21 RDATE with a zone of its own means that zone's clock", async () => {
    await add(
      nine("2026-12-01", ["RRULE:FREQ=DAILY;COUNT=1", "RDATE;TZID=Asia/Ho_Chi_Minh:20261205T170000"]),
    );
    expect(starts(await instances())).toEqual(["2026-12-01T09:00:00+01:00", "2026-12-05T11:00:00+01:00"]);
  });

  it("A21 the clock reading stays over both clock changes, and a skipped reading moves forward", async () => {
    await add(nine("2026-10-24", ["RRULE:FREQ=DAILY;COUNT=2"]));
    await add({
      ...timed("2027-03-27T02:30:00", "2027-03-27T03:00:00", "Europe/Paris"),
      recurrence: ["RRULE:FREQ=DAILY;COUNT=3"],
    });
    await add({
      ...timed("2026-10-31T09:00:00", "2026-10-31T09:30:00", "America/St_Johns"),
      recurrence: ["RRULE:FREQ=DAILY;COUNT=2"],
    });
    const { items } = await listAll(ann, { calendarId, singleEvents: true, timeZone: "UTC" });
    expect(starts(items)).toEqual([
      "2026-10-24T07:00:00Z",
      "2026-10-25T08:00:00Z",
      "2027-03-27T01:30:00Z",
      "2027-03-28T01:30:00Z",
      "2027-03-29T00:30:00Z",
      "2026-10-31T11:30:00Z",
      "2026-11-01T12:30:00Z",
    ]);
  });

  it("A21 all-day series go by days", async () => {
    const day = { start: { date: "2026-12-30" }, end: { date: "2027-01-01" } };
    await add({ ...day, recurrence: ["RRULE:FREQ=WEEKLY;UNTIL=20270113", "EXDATE;VALUE=DATE:20270106"] });
    const found = await instances();
    expect(found.map(({ start, end }) => [start?.date, end?.date])).toEqual([
      ["2026-12-30", "2027-01-01"],
      ["2027-01-13", "2027-01-15"],
    ]);
  });

  it("A22 instances carry id, series, original start and iCalUID, and no recurrence", async () => {
    const series = await add(nine("2026-12-01", ["RRULE:FREQ=DAILY;COUNT=2"]));
    const days = await add({
      start: { date: "2026-12-01" },
      end: { date: "2026-12-02" },
      recurrence: ["RRULE:FREQ=DAILY;COUNT=2"],
    });
    const found = await instances();
    expect(ids(found)).toEqual([
      `${series.id}_20261201T080000Z`,
      `${series.id}_20261202T080000Z`,
      `${days.id}_20261201`,
      `${days.id}_20261202`,
    ]);
    expect(found[1]).toMatchObject({
      recurringEventId: series.id,
      iCalUID: series.iCalUID,
      originalStartTime: { dateTime: "2026-12-02T09:00:00+01:00", timeZone: "Europe/Paris" },
    });
    expect(found[3]?.originalStartTime).toEqual({ date: "2026-12-02" });
    expect(found.some((event) => "recurrence" in event)).toBe(false);
    const listed = await ann.events.instances({ calendarId, eventId: series.id ?? "" });
    expect(ids(listed.data.items ?? [])).toEqual(ids(found).slice(0, 2));
    const one = await ann.events.get({ calendarId, eventId: `${series.id}_20261202T080000Z` });
    expect(one.data).toMatchObject({ recurringEventId: series.id, start: found[1]?.start });
  });

  it("A23 a moved instance keeps id and original start, and nobody else moves", async () => {
    const series = await add(nine("2026-12-01", ["RRULE:FREQ=DAILY;COUNT=3"]));
    const { syncToken } = await listAll(ann, { calendarId, singleEvents: true });
    const eventId = `${series.id}_20261202T080000Z`;
    await edit(eventId, timed("2026-12-20T15:00:00", "2026-12-20T16:00:00", "Europe/Paris"));
    const delta = await listAll(ann, { calendarId, singleEvents: true, syncToken });
    expect(delta.items).toMatchObject([
      {
        id: eventId,
        start: { dateTime: "2026-12-20T15:00:00+01:00" },
        originalStartTime: { dateTime: "2026-12-02T09:00:00+01:00" },
        sequence: 1,
      },
    ]);
    expect(await instances()).toHaveLength(3);
    const late = await instances({ timeMin: "2026-12-19T00:00:00Z", timeMax: "2026-12-21T00:00:00Z" });
    expect(ids(late)).toEqual([eventId]);
  });

  it("A23 changing the series' time gives instances new ids and leaves tombstones of the old ones", async () => {
    const series = await add(nine("2026-12-01", ["RRULE:FREQ=DAILY;COUNT=2"]));
    const first = await listAll(ann, { calendarId, singleEvents: true });
    await edit(series.id ?? "", timed("2026-12-01T11:00:00", "2026-12-01T12:00:00", "Europe/Paris"));
    const delta = await listAll(ann, { calendarId, singleEvents: true, syncToken: first.syncToken });
    expect(delta.items.map(({ id, status }) => [id, status])).toEqual([
      [`${series.id}_20261201T080000Z`, "cancelled"],
      [`${series.id}_20261202T080000Z`, "cancelled"],
      [`${series.id}_20261201T100000Z`, "confirmed"],
      [`${series.id}_20261202T100000Z`, "confirmed"],
    ]);
    const back = timed("2026-12-01T09:00:00", "2026-12-01T10:00:00", "Europe/Paris");
    await edit(series.id ?? "", back);
    const restored = await listAll(ann, { calendarId, singleEvents: true, syncToken: first.syncToken });
    const last = new Map(restored.items.map(({ id, status }) => [id, status]));
    expect(first.items.every(({ id }) => last.get(id) === "confirmed")).toBe(true);
    expect(ids(await instances())).toEqual(ids(first.items));
  });

  it("A23 dragging one instance with 'all events' moves the whole series", async () => {
    const series = await add(nine("2026-12-01", ["RRULE:FREQ=DAILY;COUNT=2"]));
    const change = timed("2026-12-02T10:30:00", "2026-12-02T11:00:00", "Europe/Paris");
    await edit(`${series.id}_20261202T080000Z`, change, "all");
    expect(starts(await instances())).toEqual(["2026-12-01T10:30:00+01:00", "2026-12-02T10:30:00+01:00"]);
  });

  it("A24 this and following ends the series and begins a new one, later exceptions are reset", async () => {
    const series = await add({ ...nine("2026-12-01", ["RRULE:FREQ=DAILY;COUNT=6"]), summary: "Old" });
    await edit(`${series.id}_20261202T080000Z`, { summary: "Kept" });
    await edit(`${series.id}_20261205T080000Z`, { summary: "Reset" });
    const { syncToken } = await listAll(ann, { calendarId, singleEvents: true });
    const next = await edit(`${series.id}_20261204T080000Z`, { summary: "New" }, "following");
    expect(next.id).toBe(`${series.id}_R20261204T080000`);
    const old = await ann.events.get({ calendarId, eventId: series.id ?? "" });
    expect(old.data.recurrence).toEqual(["RRULE:FREQ=DAILY;UNTIL=20261204T075959Z"]);
    expect(next.recurrence).toEqual(["RRULE:FREQ=DAILY;COUNT=3"]);
    const found = await instances();
    expect(found.map(({ summary }) => summary)).toEqual(["Old", "Kept", "Old", "New", "New", "New"]);
    const delta = await listAll(ann, { calendarId, singleEvents: true, syncToken });
    const cancelled = delta.items.filter(({ status }) => status === "cancelled");
    expect(ids(cancelled).sort()).toEqual([
      `${series.id}_20261204T080000Z`,
      `${series.id}_20261205T080000Z`,
      `${series.id}_20261206T080000Z`,
    ]);
    expect(delta.items.filter(({ recurringEventId }) => recurringEventId === next.id)).toHaveLength(3);
  });

  it("A24 this and following can move, can be deleted, and splits again", async () => {
    const series = await add(nine("2026-12-01", ["RRULE:FREQ=WEEKLY"]));
    const change = timed("2026-12-15T14:00:00", "2026-12-15T15:00:00", "Europe/Paris");
    const second = await edit(`${series.id}_20261215T080000Z`, change, "following");
    const third = await edit(`${second.id}_20261229T130000Z`, { summary: "Third" }, "following");
    expect(third.id).toBe(`${series.id}_R20261229T130000`);
    await remove(`${third.id}_20270112T130000Z`, "following");
    expect(starts(await instances())).toEqual([
      "2026-12-01T09:00:00+01:00",
      "2026-12-08T09:00:00+01:00",
      "2026-12-15T14:00:00+01:00",
      "2026-12-22T14:00:00+01:00",
      "2026-12-29T14:00:00+01:00",
      "2027-01-05T14:00:00+01:00",
    ]);
  });

  it("A25 a timed series needs a zone, and DTSTART has no place in its rules", async () => {
    const insert = (requestBody: object) => refusal(ann.events.insert({ calendarId, requestBody }));
    const bare = timed("2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00");
    expect((await insert({ ...bare, recurrence: ["RRULE:FREQ=DAILY"] })).status).toBe(400);
    const zoned = nine("2026-12-01", ["DTSTART:20261201T090000Z", "RRULE:FREQ=DAILY"]);
    expect((await insert(zoned)).status).toBe(400);
    expect((await insert(nine("2026-12-01", ["RRULE:FREQ=SOMETIMES"]))).status).toBe(400);
    expect((await insert(nine("2026-12-01", ["nonsense"]))).status).toBe(400);
    expect((await insert(nine("2026-12-01", ["RRULE:FREQ=MINUTELY"]))).status).toBe(400);
  });

  it("A26 a deleted instance stays deleted when the series changes in anything but its times", async () => {
    const series = await add(nine("2026-12-01", ["RRULE:FREQ=DAILY;COUNT=3"]));
    const eventId = `${series.id}_20261202T080000Z`;
    await remove(eventId);
    await edit(series.id ?? "", { summary: "Changed" });
    const found = await instances();
    expect(found.map(({ summary }) => summary)).toEqual(["Changed", "Changed"]);
    const { data } = await ann.events.get({ calendarId, eventId });
    expect(data).toMatchObject({ status: "cancelled", recurringEventId: series.id });
    const again = ann.events.delete({ calendarId, eventId });
    expect((await refusal(again)).status).toBe(410);
  });

  it("an exception shows what it inherits and keeps what it changed", async () => {
    const series = await add({
      ...nine("2026-12-01", ["RRULE:FREQ=DAILY;COUNT=2"]),
      summary: "A",
      location: "Here",
    });
    const eventId = `${series.id}_20261202T080000Z`;
    await edit(eventId, { summary: "B" });
    await edit(series.id ?? "", { summary: "C", location: "There" });
    const found = await instances();
    expect(found.map(({ summary, location }) => [summary, location])).toEqual([
      ["C", "There"],
      ["B", "There"],
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANN, type Bench, type Event, openBench, timed } from "../test-bench";
import { createVisitor, namesOf, type Visitor } from "./test-visitor";

const BASE = {
  title: "",
  calendar: ANN,
  repeat: "none",
  showAs: "busy",
  status: "confirmed",
  visibility: "default",
};
const TUESDAY = { startDate: "2026-11-24", startTime: "10:00", endDate: "2026-11-24", endTime: "11:00" };

describe("events on the calendar's page", () => {
  let bench: Bench;
  let visitor: Visitor;
  beforeAll(async () => {
    bench = await openBench();
    visitor = createVisitor(bench);
  });
  afterAll(() => bench.sandbox.close());
  const create = async (event: object) => {
    const { id } = await bench.act("events/create", { account: ANN, event });
    return { id: id ?? "", key: `${ANN} ${id}` };
  };
  const read = async (eventId: string, calendarId = "primary"): Promise<Event> =>
    (await bench.client(ANN).events.get({ calendarId, eventId })).data;

  it("names each event by title, day and hours, in the reader's language", async () => {
    const { id } = await create({
      summary: "Rounds",
      ...timed("2026-11-24T10:00:00", "2026-11-24T11:00:00"),
    });
    expect(namesOf((await visitor.week()).html)).toContain("Rounds, Tuesday 24 November, 10:00 – 11:00");
    const french = await visitor.week({ "accept-language": "fr-FR" });
    expect(namesOf(french.html)).toContain("Rounds, mardi 24 novembre, 10:00 – 11:00");
    expect(french.html).toContain("23–29 novembre 2026");
    await bench.act("events/delete", { account: ANN, eventId: id });
  });

  it("shows a title as text, whatever it holds", async () => {
    await create({ summary: `<img src=x>"'`, ...timed("2026-11-25T10:00:00", "2026-11-25T11:00:00") });
    const { html } = await visitor.week();
    expect(html).not.toContain("<img");
    expect(html).toContain("&lt;img src=x&gt;");
  });

  it("creates an event from the form and goes to its week", async () => {
    const { status, at } = await visitor.post("event", {
      ...BASE,
      ...TUESDAY,
      title: "Visit",
      do: "save",
      week: "2026-11-16",
    });
    expect([status, at.get("week"), at.get("done")]).toEqual([303, "2026-11-24", "created"]);
    const event = await read((at.get("at") ?? "").split(" ")[1] ?? "");
    expect(event).toMatchObject({
      summary: "Visit",
      start: { dateTime: "2026-11-24T10:00:00+01:00", timeZone: "Europe/Paris" },
      end: { dateTime: "2026-11-24T11:00:00+01:00" },
      status: "confirmed",
    });
    expect(event.transparency ?? "opaque").toBe("opaque");
  });

  it("counts the last day of an all-day event in", async () => {
    const days = { startDate: "2026-11-26", endDate: "2026-11-27", startTime: "", endTime: "" };
    const { at } = await visitor.post("event", { ...BASE, ...days, title: "Fair", allDay: "on", do: "save" });
    const event = await read((at.get("at") ?? "").split(" ")[1] ?? "");
    expect([event.start, event.end]).toEqual([{ date: "2026-11-26" }, { date: "2026-11-28" }]);
    expect(namesOf((await visitor.week()).html)).toContain(
      "Fair, Thursday 26 November – Friday 27 November, all day",
    );
  });

  it("gives the form back with what was typed when it cannot be meant", async () => {
    const late = { ...BASE, ...TUESDAY, title: "Backwards", endTime: "09:00", do: "save" };
    const { status, html } = await visitor.post("event", late);
    expect(status).toBe(400);
    expect(html).toContain("The event ends before it starts.");
    expect(html).toContain('value="Backwards"');
    const none = await visitor.post("event", { ...late, startTime: "" });
    expect(none.html).toContain("Give a date and a time for start and end.");
  });

  it("writes only what the form changed and keeps the event's own zone", async () => {
    const { id, key } = await create({
      summary: "Call",
      description: "kept",
      ...timed("2026-11-24T09:00:00", "2026-11-24T10:00:00", "America/New_York"),
    });
    const { html } = await visitor.open(`/event?account=${ANN}&event=${encodeURIComponent(key)}`);
    expect(html).toContain('name="startTime" value="15:00"');
    const times = { ...TUESDAY, startTime: "16:00", endTime: "17:00" };
    await visitor.post("event", {
      ...BASE,
      ...times,
      event: key,
      title: "Call",
      showAs: "free",
      status: "tentative",
      do: "save",
    });
    expect(await read(id)).toMatchObject({
      summary: "Call",
      description: "kept",
      status: "tentative",
      transparency: "transparent",
      start: { dateTime: "2026-11-24T16:00:00+01:00", timeZone: "America/New_York" },
    });
    const before = (await read(id)).updated;
    const same = { ...BASE, ...times, title: "Call", showAs: "free", status: "tentative" };
    await visitor.post("event", { ...same, event: key, do: "save" });
    expect((await read(id)).updated).toBe(before);
  });

  it("changes one occurrence, the rest of a series, or all of it", async () => {
    const { id } = await create({
      summary: "Shift",
      recurrence: ["RRULE:FREQ=DAILY"],
      ...timed("2026-11-23T06:00:00", "2026-11-23T07:00:00"),
    });
    const occurrence = (day: string) => `${ANN} ${id}_202611${day}T050000Z`;
    const edit = (day: string, title: string, scope: string, repeat = "daily") => {
      const dates = {
        startDate: `2026-11-${day}`,
        endDate: `2026-11-${day}`,
        startTime: "06:00",
        endTime: "07:00",
      };
      return visitor.post("event", {
        ...BASE,
        ...dates,
        event: occurrence(day),
        title,
        repeat,
        scope,
        do: "save",
      });
    };
    await edit("24", "Once", "this");
    await edit("27", "Later", "following");
    await edit("25", "Early", "all", "custom");
    const titles = namesOf((await visitor.week()).html).filter((name) => name.endsWith("06:00 – 07:00"));
    expect(titles.map((name) => name.split(",")[0])).toEqual([
      "Early",
      "Once",
      "Early",
      "Early",
      "Later",
      "Later",
      "Later",
    ]);
    await visitor.post("event", { event: occurrence("25"), scope: "all", do: "delete" });
    const left = namesOf((await visitor.week()).html).filter((name) => name.endsWith("06:00 – 07:00"));
    expect(left).toHaveLength(3);
  });

  it("moves an event to another calendar, a series only as a whole", async () => {
    const calendarId = (await bench.act("calendars/create", { account: ANN, summary: "Clinic" })).id ?? "";
    const { id, key } = await create({
      summary: "Moves",
      ...timed("2026-11-24T10:00:00", "2026-11-24T11:00:00"),
    });
    await visitor.post("event", {
      ...BASE,
      ...TUESDAY,
      event: key,
      title: "Moved",
      calendar: calendarId,
      do: "save",
    });
    expect(await read(id, calendarId)).toMatchObject({ summary: "Moved", status: "confirmed" });
    expect((await read(id)).status).toBe("cancelled");
    const series = await create({
      recurrence: ["RRULE:FREQ=WEEKLY"],
      ...timed("2026-11-24T10:00:00", "2026-11-24T11:00:00"),
    });
    const form = { ...BASE, ...TUESDAY, repeat: "weekly", calendar: calendarId, do: "save" };
    const event = `${series.key}_20261124T090000Z`;
    expect((await visitor.post("event", { ...form, event })).html).toContain(
      "Only a whole series can change its calendar",
    );
    expect((await visitor.post("event", { ...form, event, scope: "all" })).status).toBe(303);
    expect((await read(series.id, calendarId)).recurrence).toEqual(["RRULE:FREQ=WEEKLY"]);
  });

  it("makes an invitation and answers it", async () => {
    const invitation = { ...BASE, ...TUESDAY, title: "Jury", organizer: "paul@example.test", do: "save" };
    const event = (await visitor.post("event", invitation)).at.get("at") ?? "";
    expect(namesOf((await visitor.week()).html)).toContain(
      "Jury, Tuesday 24 November, 10:00 – 11:00, not answered",
    );
    await visitor.post("event", { event, do: "declined" });
    expect(namesOf((await visitor.week()).html)).toContain(
      "Jury, Tuesday 24 November, 10:00 – 11:00, declined",
    );
    const { attendees, organizer } = await read(event.split(" ")[1] ?? "");
    expect(organizer?.email).toBe("paul@example.test");
    expect(attendees?.map(({ email, responseStatus }) => [email, responseStatus]).sort()).toEqual([
      [ANN, "declined"],
      ["paul@example.test", "accepted"],
    ]);
  });

  it("moves by the readings of a drag, up to midnight", async () => {
    const { id, key } = await create({
      summary: "Drag",
      ...timed("2026-11-24T10:00:00", "2026-11-24T11:00:00"),
    });
    await visitor.post("event", {
      event: key,
      do: "shift",
      start: "2026-11-25T23:00",
      end: "2026-11-26T00:00",
    });
    expect(await read(id)).toMatchObject({
      start: { dateTime: "2026-11-25T23:00:00+01:00" },
      end: { dateTime: "2026-11-26T00:00:00+01:00" },
    });
  });

  it("duplicates an event", async () => {
    const { key } = await create({ summary: "Twin", ...timed("2026-11-28T10:00:00", "2026-11-28T11:00:00") });
    const { at } = await visitor.post("event", { event: key, do: "duplicate" });
    expect(at.get("at")).not.toBe(key);
    expect(namesOf((await visitor.week()).html).filter((name) => name.startsWith("Twin"))).toHaveLength(2);
  });

  it("says so when an event or a calendar is gone, and changes nothing on cancel", async () => {
    const { key } = await create({ summary: "Gone", ...timed("2026-11-24T10:00:00", "2026-11-24T11:00:00") });
    await visitor.post("event", { event: key, do: "cancel" });
    await visitor.post("event", { event: key, do: "delete" });
    for (const path of [
      `/event?account=${ANN}&event=${encodeURIComponent(key)}`,
      `/calendar?account=${ANN}&calendar=no`,
    ]) {
      const { status, html } = await visitor.open(path);
      expect([status, html.includes("No longer there")]).toEqual([404, true]);
    }
  });
});

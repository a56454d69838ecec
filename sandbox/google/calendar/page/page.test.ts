import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANN, BEN, type Bench, type Event, openBench, timed } from "../test-bench";

const WEEK = "week=2026-11-23";
const BASE = {
  title: "",
  calendar: ANN,
  repeat: "none",
  showAs: "busy",
  status: "confirmed",
  visibility: "default",
};
const TUESDAY = { startDate: "2026-11-24", startTime: "10:00", endDate: "2026-11-24", endTime: "11:00" };

describe("the calendar's page", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.sandbox.close());

  const open = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${bench.origin}/sandbox/calendar${path}`, { headers });
    return { status: response.status, html: await response.text() };
  };
  const week = (query = "", headers?: Record<string, string>) =>
    open(`?account=${ANN}&${WEEK}&${query}`, headers);
  const post = async (path: string, fields: Record<string, string>) => {
    const response = await fetch(`${bench.origin}/sandbox/calendar/${path}`, {
      method: "POST",
      body: new URLSearchParams({ account: ANN, week: "2026-11-23", ...fields }),
      redirect: "manual",
    });
    const address = response.headers.get("location") ?? "";
    return {
      status: response.status,
      at: new URL(address, bench.origin).searchParams,
      html: await response.text(),
    };
  };
  /** Names of the grid's buttons; the agenda of narrow screens has the same once more. */
  const names = (html: string) =>
    [
      ...(html.split('class="agenda"')[0] ?? "").matchAll(/<button class="event"[^>]*aria-label="([^"]*)"/g),
    ].map(([, name]) => name);
  const create = async (event: object, calendarId?: string) => {
    const { id = "" } = await bench.act("events/create", { account: ANN, calendarId, event });
    return { id: id ?? "", key: `${calendarId ?? ANN} ${id}` };
  };
  const read = async (eventId: string, calendarId = "primary"): Promise<Event> =>
    (await bench.client(ANN).events.get({ calendarId, eventId })).data;

  it("names each event by title, day and hours, in the reader's language", async () => {
    const { id } = await create({
      summary: "Rounds",
      ...timed("2026-11-24T10:00:00", "2026-11-24T11:00:00"),
    });
    expect(names((await week()).html)).toContain("Rounds, Tuesday 24 November, 10:00 – 11:00");
    const french = await week("", { "accept-language": "fr-FR" });
    expect(names(french.html)).toContain("Rounds, mardi 24 novembre, 10:00 – 11:00");
    expect(french.html).toContain("23–29 novembre 2026");
    await bench.act("events/delete", { account: ANN, eventId: id });
  });

  it("shows a title as text, whatever it holds", async () => {
    await create({ summary: `<img src=x>"'`, ...timed("2026-11-25T10:00:00", "2026-11-25T11:00:00") });
    const { html } = await week();
    expect(html).not.toContain("<img");
    expect(html).toContain("&lt;img src=x&gt;");
  });

  it("creates an event from the form and goes to its week", async () => {
    const { status, at } = await post("event", {
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
    const { at } = await post("event", { ...BASE, ...days, title: "Fair", allDay: "on", do: "save" });
    const event = await read((at.get("at") ?? "").split(" ")[1] ?? "");
    expect([event.start, event.end]).toEqual([{ date: "2026-11-26" }, { date: "2026-11-28" }]);
    expect(names((await week()).html)).toContain("Fair, Thursday 26 November – Friday 27 November, all day");
  });

  it("gives the form back with what was typed when it cannot be meant", async () => {
    const late = { ...BASE, ...TUESDAY, title: "Backwards", endTime: "09:00", do: "save" };
    const { status, html } = await post("event", late);
    expect(status).toBe(400);
    expect(html).toContain("The event ends before it starts.");
    expect(html).toContain('value="Backwards"');
    const none = await post("event", { ...late, startTime: "" });
    expect(none.html).toContain("Give a date and a time for start and end.");
  });

  it("writes only what the form changed and keeps the event's own zone", async () => {
    const { id, key } = await create({
      summary: "Call",
      description: "kept",
      ...timed("2026-11-24T09:00:00", "2026-11-24T10:00:00", "America/New_York"),
    });
    const { html } = await open(`/event?account=${ANN}&event=${encodeURIComponent(key)}`);
    expect(html).toContain('name="startTime" value="15:00"');
    const times = { ...TUESDAY, startTime: "16:00", endTime: "17:00" };
    await post("event", {
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
    await post("event", { ...same, event: key, do: "save" });
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
      return post("event", {
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
    const titles = names((await week()).html).filter((name) => name?.endsWith("06:00 – 07:00"));
    expect(titles.map((name) => name?.split(",")[0])).toEqual([
      "Early",
      "Once",
      "Early",
      "Early",
      "Later",
      "Later",
      "Later",
    ]);
    await post("event", { event: occurrence("25"), scope: "all", do: "delete" });
    const left = names((await week()).html).filter((name) => name?.endsWith("06:00 – 07:00"));
    expect(left).toHaveLength(3);
  });

  it("moves an event to another calendar, a series only as a whole", async () => {
    const calendarId = (await bench.act("calendars/create", { account: ANN, summary: "Clinic" })).id ?? "";
    const { id, key } = await create({
      summary: "Moves",
      ...timed("2026-11-24T10:00:00", "2026-11-24T11:00:00"),
    });
    await post("event", {
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
    expect((await post("event", { ...form, event })).html).toContain(
      "Only a whole series can change its calendar",
    );
    expect((await post("event", { ...form, event, scope: "all" })).status).toBe(303);
    expect((await read(series.id, calendarId)).recurrence).toEqual(["RRULE:FREQ=WEEKLY"]);
  });

  it("makes an invitation and answers it", async () => {
    const invitation = { ...BASE, ...TUESDAY, title: "Jury", organizer: "paul@example.test", do: "save" };
    const event = (await post("event", invitation)).at.get("at") ?? "";
    expect(names((await week()).html)).toContain("Jury, Tuesday 24 November, 10:00 – 11:00, not answered");
    await post("event", { event, do: "declined" });
    expect(names((await week()).html)).toContain("Jury, Tuesday 24 November, 10:00 – 11:00, declined");
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
    await post("event", { event: key, do: "shift", start: "2026-11-25T23:00", end: "2026-11-26T00:00" });
    expect(await read(id)).toMatchObject({
      start: { dateTime: "2026-11-25T23:00:00+01:00" },
      end: { dateTime: "2026-11-26T00:00:00+01:00" },
    });
  });

  it("duplicates an event", async () => {
    const { key } = await create({ summary: "Twin", ...timed("2026-11-28T10:00:00", "2026-11-28T11:00:00") });
    const { at } = await post("event", { event: key, do: "duplicate" });
    expect(at.get("at")).not.toBe(key);
    expect(names((await week()).html).filter((name) => name?.startsWith("Twin"))).toHaveLength(2);
  });

  it("says so when an event or a calendar is gone, and changes nothing on cancel", async () => {
    const { key } = await create({ summary: "Gone", ...timed("2026-11-24T10:00:00", "2026-11-24T11:00:00") });
    await post("event", { event: key, do: "cancel" });
    await post("event", { event: key, do: "delete" });
    for (const path of [
      `/event?account=${ANN}&event=${encodeURIComponent(key)}`,
      `/calendar?account=${ANN}&calendar=no`,
    ]) {
      const { status, html } = await open(path);
      expect([status, html.includes("No longer there")]).toEqual([404, true]);
    }
  });

  it("shows a calendar that is only shared to be read without a form to change it", async () => {
    const calendarId = (
      await bench.act("calendars/create", { account: BEN, summary: "Ward", timeZone: "Europe/Paris" })
    ).id;
    await bench.act("calendars/share", { account: BEN, calendarId, with: ANN, role: "freeBusyReader" });
    const event = { summary: "Secret", ...timed("2026-11-27T14:00:00", "2026-11-27T15:00:00") };
    const { id } = await bench.act("events/create", { account: BEN, calendarId, event });
    const { html } = await week();
    expect(html).not.toContain("Secret");
    expect(names(html)).toContain("Busy, Friday 27 November, 14:00 – 15:00");
    const sheet = await open(`/event?account=${ANN}&event=${encodeURIComponent(`${calendarId} ${id}`)}`);
    expect(sheet.html).not.toContain("Secret");
    expect(sheet.html).not.toContain('value="save"');
  });

  it("creates, renames, shares and deletes calendars, and shows the ticked ones", async () => {
    const record = async (name: string) => {
      const list = (await bench.client(ANN).calendarList.list({ maxResults: 250 })).data.items ?? [];
      return list.find(({ summary }) => summary === name);
    };
    await post("calendar", { calendar: "", name: "Desk", timeZone: "Europe/Paris", do: "save" });
    const calendar = (await record("Desk"))?.id ?? "";
    expect((await post("calendar", { calendar, name: "", timeZone: "Europe/Paris" })).html).toContain(
      "Give the calendar a name.",
    );
    expect((await post("calendar", { calendar, name: "Desk", timeZone: "Mars/Base" })).status).toBe(400);
    await post("calendar", { calendar, name: "Bureau", timeZone: "Asia/Tokyo", do: "save" });
    expect(await record("Bureau")).toMatchObject({ id: calendar, timeZone: "Asia/Tokyo", selected: true });
    await post("calendar", { calendar, with: BEN, role: "writer", do: "share" });
    expect((await bench.client(BEN).calendarList.get({ calendarId: calendar })).data.accessRole).toBe(
      "writer",
    );
    await post("calendar", { calendar, unshare: BEN });
    await expect(bench.client(BEN).calendarList.get({ calendarId: calendar })).rejects.toThrow();
    await post("shown", { shown: ANN });
    expect((await record("Bureau"))?.selected).toBeUndefined();
    await post("calendar", { calendar, do: "delete" });
    expect(await record("Bureau")).toBeUndefined();
  });

  it("makes sync tokens invalid", async () => {
    const client = bench.client(ANN);
    const syncToken =
      (await client.events.list({ calendarId: "primary", maxResults: 2_500 })).data.nextSyncToken ?? "";
    await client.events.list({ calendarId: "primary", syncToken });
    await post("calendar", { calendar: ANN, do: "invalidate" });
    await expect(client.events.list({ calendarId: "primary", syncToken })).rejects.toMatchObject({
      status: 410,
    });
  });

  it("has a version that changes with each write and only then", async () => {
    const version = async () => (await open(`/version?account=${ANN}`)).html;
    const before = await version();
    expect(await version()).toBe(before);
    await create({ summary: "New", ...timed("2026-11-24T10:00:00", "2026-11-24T11:00:00") });
    expect(await version()).not.toBe(before);
  });

  it("serves its own scripts and lets none other run", async () => {
    const response = await fetch(`${bench.origin}/sandbox/calendar?account=${ANN}`);
    // Without a referrer browsers post forms with `Origin: null`, which the control pages refuse.
    expect(response.headers.get("referrer-policy")).toBe("same-origin");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    const html = await response.text();
    for (const [, path] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g))
      expect((await fetch(bench.origin + path)).status).toBe(200);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ANN, BEN, type Bench, type Client, listAll, openBench, refusal, timed } from "./test-bench";

const HOUR = timed("2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00");

describe("what events contain", () => {
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

  const insert = async (event: object, id = calendarId) =>
    (await ann.events.insert({ calendarId: id, requestBody: event })).data;

  it("A27 days end exclusively, kinds of time do not mix, an end before its start is refused, no length is fine", async () => {
    const day = { start: { date: "2026-12-24" }, end: { date: "2026-12-26" } };
    expect(await insert(day)).toMatchObject(day);
    const inside = await listAll(ann, { calendarId, timeMin: "2026-12-25T22:59:00Z" });
    const after = await listAll(ann, { calendarId, timeMin: "2026-12-25T23:00:00Z" });
    expect([inside.items.length, after.items.length]).toEqual([1, 0]);
    expect((await refusal(insert({ start: day.start, end: HOUR.end }))).status).toBe(400);
    expect((await refusal(insert({ start: { ...day.start, ...HOUR.start }, end: day.end }))).status).toBe(
      400,
    );
    expect(await refusal(insert({ start: HOUR.end, end: HOUR.start }))).toMatchObject({
      reason: "timeRangeEmpty",
    });
    expect((await refusal(insert({ start: HOUR.start }))).status).toBe(400);
    expect(await insert({ start: HOUR.start, end: HOUR.start })).toMatchObject({ status: "confirmed" });
  });

  it("A28 defaults are left out", async () => {
    const event = await insert({
      ...HOUR,
      transparency: "opaque",
      visibility: "default",
      guestsCanModify: false,
    });
    for (const name of [
      "summary",
      "transparency",
      "visibility",
      "attendees",
      "guestsCanModify",
      "recurrence",
    ]) {
      expect(event).not.toHaveProperty(name);
    }
    expect(event).toMatchObject({ eventType: "default", reminders: { useDefault: true } });
    const cleared = await ann.events.patch({
      calendarId,
      eventId: (await insert({ ...HOUR, summary: "X" })).id ?? "",
      requestBody: { summary: null },
    });
    expect(cleared.data).not.toHaveProperty("summary");
  });

  it("A29 every type of event has its properties; working locations and birthdays do not block", async () => {
    const day = { start: { date: "2026-12-01" }, end: { date: "2026-12-02" } };
    const location = { type: "homeOffice", homeOffice: {} };
    const home = await insert({ ...day, eventType: "workingLocation", workingLocationProperties: location });
    expect(home).toMatchObject({ transparency: "transparent", workingLocationProperties: location });
    const birthday = await insert({
      ...day,
      eventType: "birthday",
      birthdayProperties: { type: "birthday" },
    });
    expect(birthday).toMatchObject({ transparency: "transparent", recurrence: ["RRULE:FREQ=YEARLY"] });
    const away = { autoDeclineMode: "declineAllConflictingInvitations" };
    expect(await insert({ ...HOUR, eventType: "outOfOffice", outOfOfficeProperties: away })).toMatchObject({
      outOfOfficeProperties: away,
    });
    const focus = { chatStatus: "doNotDisturb" };
    expect(await insert({ ...HOUR, eventType: "focusTime", focusTimeProperties: focus })).toMatchObject({
      eventType: "focusTime",
      focusTimeProperties: focus,
    });
    expect((await refusal(insert({ ...HOUR, eventType: "fromGmail" }))).status).toBe(400);
    await bench.act("events/create", {
      account: ANN,
      calendarId,
      event: { ...HOUR, eventType: "fromGmail" },
    });
    const { items } = await listAll(ann, { calendarId, eventTypes: ["fromGmail", "focusTime"] });
    expect(items.map(({ eventType }) => eventType)).toEqual(["focusTime", "fromGmail"]);
  });

  it("A30 the copy's own attendee is marked self, and a declined event stays listed as confirmed", async () => {
    const attendees = [{ email: BEN, responseStatus: "accepted" }, { email: ANN }];
    const invited = await bench.act("events/create", {
      account: ANN,
      event: { ...HOUR, summary: "Invitation", attendees },
      organizer: BEN,
    });
    expect(invited.attendees?.find(({ self }) => self)).toEqual({
      email: ANN,
      responseStatus: "needsAction",
      self: true,
    });
    expect(invited.organizer).toEqual({ email: BEN });
    const { syncToken } = await listAll(ann, {});
    await bench.act("events/respond", { account: ANN, eventId: invited.id, response: "declined" });
    const { items } = await listAll(ann, { syncToken });
    expect(items).toMatchObject([{ id: invited.id, status: "confirmed" }]);
    expect(items[0]?.attendees?.find(({ self }) => self)?.responseStatus).toBe("declined");
    expect((await listAll(ann, {})).items.map(({ id }) => id)).toContain(invited.id);
  });

  it("A30 an invitation appears in the guest's calendar under the same id, and answers reach the organizer", async () => {
    const ben = bench.client(BEN);
    const attendees = [{ email: ANN, responseStatus: "accepted" }, { email: BEN }];
    const zoned = timed("2026-12-01T09:00:00", "2026-12-01T10:00:00", "Europe/Paris");
    const meeting = await insert(
      { ...zoned, recurrence: ["RRULE:FREQ=DAILY;COUNT=3"], attendees },
      "primary",
    );
    const eventId = meeting.id ?? "";
    const copy = (await ben.events.get({ calendarId: "primary", eventId })).data;
    expect(copy).toMatchObject({ id: eventId, iCalUID: meeting.iCalUID, organizer: { email: ANN } });
    expect(copy.organizer?.self).toBeUndefined();
    const second = `${eventId}_20261202T080000Z`;
    await bench.act("events/respond", { account: BEN, eventId: second, response: "declined" });
    const answers = async (id: string) =>
      (await ann.events.get({ calendarId: "primary", eventId: id })).data.attendees?.map(
        (one) => one.responseStatus,
      );
    expect([await answers(eventId), await answers(second)]).toEqual([
      ["accepted", "needsAction"],
      ["accepted", "declined"],
    ]);
    const third = timed("2026-12-03T15:00:00", "2026-12-03T16:00:00", "Europe/Paris");
    await bench.act("events/edit", { account: ANN, eventId: `${eventId}_20261203T080000Z`, change: third });
    const exceptions = await listAll(ben, { singleEvents: true, timeMin: "2026-12-03T00:00:00Z" });
    expect(exceptions.items.map(({ start }) => start?.dateTime)).toEqual(["2026-12-03T09:00:00-05:00"]);
    const later = timed("2026-12-01T11:00:00", "2026-12-01T12:00:00", "Europe/Paris");
    await bench.act("events/edit", { account: ANN, eventId, change: later });
    const moved = await listAll(ben, { singleEvents: true });
    expect(moved.items.map(({ start }) => start?.dateTime)).toEqual(
      [1, 2, 3].map((day) => `2026-12-0${day}T05:00:00-05:00`),
    );
    await bench.act("events/delete", { account: ANN, eventId });
    expect((await listAll(ben, { singleEvents: true })).items).toEqual([]);
  });

  it("A31 private events show readers and freeBusyReaders their times only", async () => {
    await insert({ ...HOUR, summary: "Secret", location: "There", visibility: "private" });
    await insert({ ...HOUR, summary: "Open" });
    const seenAs = async (role: string) => {
      await bench.act("calendars/share", { account: ANN, calendarId, with: BEN, role });
      const { items } = await listAll(bench.client(BEN), { calendarId });
      return items.map(({ summary, location, visibility }) => [summary, location, visibility]);
    };
    const hidden = [undefined, undefined, "private"];
    const secret = ["Secret", "There", "private"];
    const open = ["Open", undefined, undefined];
    expect(await seenAs("freeBusyReader")).toEqual([hidden, hidden]);
    expect(await seenAs("reader")).toEqual([hidden, open]);
    expect(await seenAs("writerWithoutPrivateAccess")).toEqual([hidden, open]);
    expect(await seenAs("writer")).toEqual([secret, open]);
    expect(await seenAs("someFutureRole")).toEqual([hidden, open]);
  });

  it("A32 the zones of calendar, start and end stay as they were given", async () => {
    const flight = {
      start: { dateTime: "2026-12-01T18:00:00", timeZone: "Europe/Paris" },
      end: { dateTime: "2026-12-01T20:30:00", timeZone: "America/New_York" },
    };
    const event = await insert(flight);
    expect(event.start).toEqual({ dateTime: "2026-12-01T18:00:00+01:00", timeZone: "Europe/Paris" });
    expect(event.end).toEqual({ dateTime: "2026-12-02T02:30:00+01:00", timeZone: "America/New_York" });
    const plain = await insert(HOUR);
    expect(plain.start).toEqual({ dateTime: "2026-12-01T09:00:00+01:00" });
    await bench.act("calendars/change", { account: ANN, calendarId, timeZone: "Asia/Kathmandu" });
    const { data } = await ann.events.list({ calendarId });
    expect(data.timeZone).toBe("Asia/Kathmandu");
    expect(data.items?.[0]?.start).toEqual({
      dateTime: "2026-12-01T22:45:00+05:45",
      timeZone: "Europe/Paris",
    });
    const asked = await ann.events.list({ calendarId, timeZone: "America/St_Johns" });
    expect(asked.data.items?.[1]?.start).toEqual({ dateTime: "2026-12-01T04:30:00-03:30" });
  });

  it("A33 live events always carry link, uid, sequence, stamps, etag and people", async () => {
    const event = await insert(HOUR, "primary");
    expect(event).toMatchObject({
      kind: "calendar#event",
      htmlLink: expect.stringMatching(/^https:\/\/www\.google\.com\/calendar\/event\?eid=/),
      iCalUID: `${event.id}@google.com`,
      sequence: 0,
      created: expect.any(String),
      updated: expect.any(String),
      organizer: { email: ANN, self: true },
      creator: { email: ANN, self: true },
    });
    const eventId = event.id ?? "";
    const patch = async (requestBody: object) =>
      (await ann.events.patch({ calendarId: "primary", eventId, requestBody })).data;
    const renamed = await patch({ summary: "Named" });
    expect([renamed.sequence, renamed.etag === event.etag, renamed.updated === event.updated]).toEqual([
      0,
      false,
      false,
    ]);
    const reminded = await patch({
      reminders: { useDefault: false, overrides: [{ method: "popup", minutes: 5 }] },
    });
    expect([reminded.etag === renamed.etag, reminded.updated === renamed.updated]).toEqual([false, true]);
    const moved = await patch(timed("2026-12-01T11:00:00+01:00", "2026-12-01T12:00:00+01:00"));
    expect(moved.sequence).toBe(1);
  });

  it("A45 people create, move, edit, duplicate and delete events outside the API, ours too", async () => {
    const ours = await insert({
      ...HOUR,
      id: "ent0123456789",
      extendedProperties: { private: { booking: "7" } },
    });
    const { syncToken } = await listAll(ann, { calendarId });
    const other = await bench.act("calendars/create", { account: ANN, summary: "Elsewhere" });
    const eventId = ours.id ?? "";
    const place = { account: ANN, calendarId, eventId };
    const copy = await bench.act("events/duplicate", place);
    expect(copy.extendedProperties).toEqual({ private: { booking: "7" } });
    await bench.act("events/edit", { ...place, change: { summary: "By hand" } });
    await bench.act("events/edit", { ...place, change: timed("2026-12-02T09:00:00", "2026-12-02T10:00:00") });
    expect((await ann.events.get({ calendarId, eventId })).data).toMatchObject({
      summary: "By hand",
      start: { dateTime: "2026-12-02T09:00:00+01:00" },
      sequence: 1,
    });
    await bench.act("events/move", { ...place, destination: other.id });
    await bench.act("events/delete", { ...place, eventId: copy.id });
    bench.set("tombstone", "sparse");
    const { items } = await listAll(ann, { calendarId, syncToken });
    bench.set("tombstone", "full");
    expect(items).toEqual([
      { id: eventId, status: "cancelled" },
      { id: copy.id, status: "cancelled" },
    ]);
    expect((await ann.events.get({ calendarId: other.id ?? "", eventId })).data.status).toBe("confirmed");
  });
});

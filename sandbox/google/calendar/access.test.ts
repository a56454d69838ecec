import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ANN, BEN, type Bench, type Client, listAll, openBench, refusal, timed } from "./test-bench";

const HOUR = timed("2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00");

describe("calendarList, freeBusy and access", () => {
  let bench: Bench;
  let ann: Client;
  let ben: Client;
  let calendarId: string;

  beforeAll(async () => {
    bench = await openBench();
    bench.sandbox.accounts.add({ email: "none@example.test", hasCalendar: false });
    ann = bench.client(ANN);
    ben = bench.client(BEN);
  });
  afterAll(() => bench.sandbox.close());
  beforeEach(async () => {
    calendarId = (await bench.act("calendars/create", { account: ANN, summary: "Own" })).id ?? "";
  });

  const share = (role: string) => bench.act("calendars/share", { account: ANN, calendarId, with: BEN, role });
  const add = (event: object) => bench.act("events/create", { account: ANN, calendarId, event });
  const bens = async (query: object = {}) => (await ben.calendarList.list(query)).data;
  const bensEntry = async () => (await bens()).items?.find(({ id }) => id === calendarId);

  it("A46 freeBusy merges busy times, ignores what does not block and answers in UTC", async () => {
    await add(HOUR);
    await add(timed("2026-12-01T09:30:00+01:00", "2026-12-01T11:00:00+01:00"));
    await add({
      ...timed("2026-12-01T13:00:00+01:00", "2026-12-01T14:00:00+01:00"),
      transparency: "transparent",
    });
    const gone = await add(timed("2026-12-01T15:00:00+01:00", "2026-12-01T16:00:00+01:00"));
    await bench.act("events/delete", { account: ANN, calendarId, eventId: gone.id });
    const declined = [{ email: calendarId, responseStatus: "declined" }];
    await add({ ...timed("2026-12-01T17:00:00+01:00", "2026-12-01T18:00:00+01:00"), attendees: declined });
    const requestBody = {
      timeMin: "2026-12-01T00:00:00Z",
      timeMax: "2026-12-02T00:00:00Z",
      items: [{ id: calendarId }, { id: "unknown@example.test" }],
    };
    const { data } = await ann.freebusy.query({ requestBody });
    expect(data.calendars).toEqual({
      [calendarId]: { busy: [{ start: "2026-12-01T08:00:00Z", end: "2026-12-01T10:00:00Z" }] },
      "unknown@example.test": { errors: [{ domain: "global", reason: "notFound" }], busy: [] },
    });
    const items = Array.from({ length: 51 }, (_, index) => ({ id: `${index}@example.test` }));
    const many = await ann.freebusy.query({ requestBody: { ...requestBody, items } });
    expect(many.data.calendars?.["50@example.test"]?.errors?.[0]?.reason).toBe("tooManyCalendarsRequested");
  });

  it("A47 entries carry any role, the primary's id is the e-mail, and flags only when they are true", async () => {
    for (const role of ["freeBusyReader", "writerWithoutPrivateAccess", "roleOfTomorrow"]) {
      await share(role);
      expect((await bensEntry())?.accessRole).toBe(role);
    }
    const entry = await bensEntry();
    expect(entry).toMatchObject({
      kind: "calendar#calendarListEntry",
      selected: true,
      timeZone: "Europe/Paris",
    });
    for (const name of ["primary", "hidden", "deleted", "summaryOverride"])
      expect(entry).not.toHaveProperty(name);
    const primary = (await bens()).items?.find((one) => one.primary);
    expect(primary).toMatchObject({ id: BEN, accessRole: "owner", timeZone: "America/New_York" });
    expect((await ben.calendarList.get({ calendarId: "primary" })).data.id).toBe(BEN);
    await bench.act("calendars/entry", {
      account: BEN,
      calendarId,
      hidden: true,
      summaryOverride: "Renamed",
    });
    expect(await bensEntry()).toBeUndefined();
    const all = await bens({ showHidden: true });
    expect(all.items?.find(({ id }) => id === calendarId)).toMatchObject({
      hidden: true,
      summaryOverride: "Renamed",
    });
  });

  it("A47 pages of 100, at most 250, and the token on the last one", async () => {
    const owner = "many@example.test";
    bench.sandbox.accounts.add({ email: owner });
    for (let index = 0; index < 260; index += 1) {
      await bench.act("calendars/create", { account: owner, summary: `C${index}` });
    }
    const client = bench.client(owner);
    const usual = (await client.calendarList.list()).data;
    const most = (await client.calendarList.list({ maxResults: 1_000 })).data;
    expect([usual.items?.length, most.items?.length, most.nextSyncToken]).toEqual([100, 250, undefined]);
    const rest = (await client.calendarList.list({ maxResults: 1_000, pageToken: most.nextPageToken ?? "" }))
      .data;
    expect([rest.items?.length, typeof rest.nextSyncToken]).toEqual([11, "string"]);
  });

  it("A47 a changed role or name yields no delta, new and deleted entries do", async () => {
    await share("owner");
    const first = await bens();
    await share("reader");
    await bench.act("calendars/change", { account: ANN, calendarId, summary: "New name" });
    const silent = await bens({ syncToken: first.nextSyncToken });
    expect(silent.items).toEqual([]);
    expect(await bensEntry()).toMatchObject({ accessRole: "reader", summary: "New name" });
    await bench.act("calendars/unshare", { account: ANN, calendarId, with: BEN });
    const gone = await bens({ syncToken: first.nextSyncToken });
    expect(gone.items).toMatchObject([{ id: calendarId, deleted: true }]);
    const forbidden = ben.calendarList.list({
      syncToken: first.nextSyncToken ?? "",
      minAccessRole: "reader",
    });
    expect((await refusal(forbidden)).status).toBe(400);
    expect((await bens({ minAccessRole: "owner" })).items?.map(({ id }) => id)).toEqual([BEN]);
  });

  it("A47 a calendar shared with somebody who has no account yet is listed once they have", async () => {
    const later = "later@example.test";
    await bench.act("calendars/share", { account: ANN, calendarId, with: later, role: "writer" });
    bench.sandbox.accounts.add({ email: later });
    const { items } = (await bench.client(later).calendarList.list()).data;
    expect(items?.map(({ id, accessRole }) => [id, accessRole])).toEqual([
      [later, "owner"],
      [calendarId, "writer"],
    ]);
  });

  it("an account that is removed and added again begins with an empty calendar", async () => {
    const email = "again@example.test";
    bench.sandbox.accounts.add({ email });
    await bench.act("events/create", { account: email, event: HOUR });
    bench.sandbox.accounts.remove(email);
    bench.sandbox.accounts.add({ email });
    expect((await listAll(bench.client(email), {})).items).toEqual([]);
  });

  it("A48 the events of a deleted or no longer shared calendar answer 404", async () => {
    await share("reader");
    const { syncToken } = await listAll(ben, { calendarId });
    await bench.act("calendars/unshare", { account: ANN, calendarId, with: BEN });
    expect(await refusal(ben.events.list({ calendarId, syncToken }))).toMatchObject({
      status: 404,
      reason: "notFound",
    });
    await bench.act("calendars/delete", { account: ANN, calendarId });
    const deleted = await refusal(ann.events.list({ calendarId }));
    expect(deleted.body).toEqual({
      error: {
        errors: [{ domain: "global", reason: "notFound", message: "Not Found" }],
        code: 404,
        message: "Not Found",
      },
    });
    expect((await refusal(ann.calendarList.get({ calendarId }))).status).toBe(404);
  });

  it("A49 an account without Calendar answers 403 notACalendarUser", async () => {
    const nobody = bench.client("none@example.test");
    const refused = { status: 403, reason: "notACalendarUser" };
    expect(await refusal(nobody.calendarList.list())).toMatchObject(refused);
    expect(await refusal(nobody.events.list({ calendarId: "primary" }))).toMatchObject(refused);
  });

  it("A65 each method asks for its own scopes", async () => {
    const events = bench.client(ANN, [".events"]);
    const refused = { status: 403, reason: "insufficientPermissions" };
    await expect(events.events.list({ calendarId })).resolves.toBeTruthy();
    expect(await refusal(events.calendarList.list())).toMatchObject(refused);
    expect(await refusal(events.calendars.get({ calendarId }))).toMatchObject(refused);
    expect(await refusal(events.settings.get({ setting: "timezone" }))).toMatchObject(refused);
    const lists = bench.client(ANN, [".calendarlist.readonly"]);
    await expect(lists.calendarList.list()).resolves.toBeTruthy();
    expect(await refusal(lists.events.list({ calendarId }))).toMatchObject(refused);
    const reading = bench.client(ANN, [".readonly"]);
    expect((await reading.settings.get({ setting: "timezone" })).data.value).toBe("Europe/Paris");
    expect((await reading.calendars.get({ calendarId: "primary" })).data.timeZone).toBe("Europe/Paris");
    expect(await refusal(reading.events.insert({ calendarId, requestBody: HOUR }))).toMatchObject(refused);
    const own = bench.client(BEN, [".events.owned"]);
    await share("reader");
    await expect(own.events.list({ calendarId: "primary" })).resolves.toBeTruthy();
    expect(await refusal(own.events.list({ calendarId }))).toMatchObject(refused);
  });
});

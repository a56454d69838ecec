import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { spanRange } from "@/lib/calendar/event-time";
import { importWindow, touches } from "@/lib/calendar/window";
import type { Services } from "@/lib/connections/services";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  PARIS,
  type TestClock,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { type GoogleBench, openGoogle } from "@/tests/support/google";

const NOW = new Date("2026-11-23T09:00:00.000Z");

let database: TestDatabase;
let google: GoogleBench;
beforeAll(async () => {
  database = await createTestDatabase();
  google = await openGoogle(NOW);
});
afterAll(async () => {
  await google[Symbol.asyncDispose]();
  await database.drop();
});

let account: { email: string; accessToken: string; refreshToken: string };
let services: Services;
let clock: TestClock;
let calendarId: string;
let accounts = 0;

beforeEach(async () => {
  accounts += 1;
  google.sandbox.clock.set(NOW);
  clock = testClock(NOW);
  account = google.account(`person-${accounts}@example.test`);
  services = testServices(database.db, [google.provider], { clock });
  const person = await createPerson(database.db);
  const connectionId = await createConnection(services, person, account);
  calendarId = await createCalendar(services, connectionId, person, { externalId: account.email });
});

const timed = (start: string, end: string) => ({ start: { dateTime: start }, end: { dateTime: end } });
const create = (event: object) => google.act("events/create", { account: account.email, event });
const sync = () => syncCalendar(services, calendarId, "schedule");
const cursorKind = async () => {
  const [row] = await database.db.execute<{ kind: string }>(
    sql`select kind from calendar_sync_logs where calendar_id = ${calendarId} order by seq desc limit 1`,
  );
  return row?.kind;
};

/** External id and instants of every stored row. */
async function stored(): Promise<string[]> {
  const rows = await database.db.execute<{ line: string }>(sql`
    select external_id || ' ' || (extract(epoch from starts_at) * 1000)::bigint || ' ' ||
      (extract(epoch from ends_at) * 1000)::bigint as line
    from calendar_sync_events where calendar_id = ${calendarId} order by 1`);
  return rows.map((row) => row.line);
}

/** The same of what the vendor would tell in a fresh list. */
async function truth(): Promise<string[]> {
  const window = importWindow(clock.now());
  const calendar = { externalId: account.email, timeZone: PARIS };
  const events = await google.provider.listWindow(account, calendar, window);
  return events
    .map((event) => ({ event, range: spanRange(event, PARIS) }))
    .filter(({ range }) => touches(window, range))
    .map(({ event, range }) => `${event.externalId} ${range.start.getTime()} ${range.end.getTime()}`)
    .sort();
}

async function expectAgreement(): Promise<void> {
  expect(await sync()).toMatchObject({ status: "succeeded" });
  expect((await stored()).sort()).toEqual(await truth());
}

const WEEKLY = {
  summary: "Yoga",
  ...timed("2026-11-24T18:00:00+01:00", "2026-11-24T19:00:00+01:00"),
  recurrence: ["RRULE:FREQ=WEEKLY"],
};

async function occurrence(series: { id: string }, index: number): Promise<string> {
  const window = importWindow(clock.now());
  const events = await google.provider.listWindow(
    account,
    { externalId: account.email, timeZone: PARIS },
    window,
  );
  const ids = events.filter((event) => event.seriesId === series.id).map((event) => event.externalId);
  return ids[index] ?? "";
}

describe("import from Google", () => {
  it("stores exactly what a fresh list would tell, after every kind of change", async () => {
    const single = await create({
      summary: "Dentist",
      ...timed("2026-11-25T15:00:00+01:00", "2026-11-25T16:00:00+01:00"),
    });
    await create({ summary: "Holidays", start: { date: "2026-12-24" }, end: { date: "2026-12-28" } });
    const series = await create(WEEKLY);
    await expectAgreement();
    expect(await cursorKind()).toBe("full");

    const edit = (eventId: string, change: object, scope = "this") =>
      google.act("events/edit", { account: account.email, eventId, change, scope });
    const remove = (eventId: string, scope = "this") =>
      google.act("events/delete", { account: account.email, eventId, scope });

    await edit(single.id, timed("2026-11-26T15:00:00+01:00", "2026-11-26T16:30:00+01:00"));
    await expectAgreement();
    expect(await cursorKind()).toBe("incremental");
    await edit(await occurrence(series, 2), timed("2026-12-09T08:00:00+01:00", "2026-12-09T09:00:00+01:00"));
    await expectAgreement();
    await remove(await occurrence(series, 3));
    await expectAgreement();
    await edit(
      await occurrence(series, 5),
      timed("2026-12-30T20:00:00+01:00", "2026-12-30T21:00:00+01:00"),
      "following",
    );
    await expectAgreement();
    await edit(series.id, { ...timed("2026-11-24T17:00:00+01:00", "2026-11-24T18:00:00+01:00") }, "all");
    await expectAgreement();
    await remove(series.id, "all");
    await expectAgreement();
    await remove(single.id);
    await expectAgreement();
  });

  it("survives a random life of a calendar with all quirks on", async () => {
    let seed = 20_261_120;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const when = () => {
      const start = NOW.getTime() + (random(100 * 24) - 40) * 3_600_000;
      const iso = (ms: number) => new Date(ms).toISOString();
      return timed(iso(start), iso(start + (1 + random(30)) * 1_800_000));
    };
    const known: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      const id = known[random(known.length || 1)];
      const what = random(8);
      if (id === undefined || what < 3) {
        const rule = ["RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY;COUNT=9", "RRULE:FREQ=MONTHLY"][random(3)];
        const made = await create({
          summary: `e${step}`,
          ...when(),
          ...(what === 0 ? { recurrence: [rule] } : {}),
        });
        known.push(made.id);
      } else {
        const target = (await occurrence({ id }, random(5))) || id;
        const scope = ["this", "following", "all"][random(3)];
        const act = what < 6 ? "events/edit" : "events/delete";
        await google
          .act(act, { account: account.email, eventId: target, scope, change: when() })
          .catch((error: Error) => expect(error.message).toMatch(/deleted|Not Found|notFound|400/));
      }
      if (step % 10 === 9) await google.act("calendars/invalidate-tokens", { account: account.email });
      if (random(2) === 0) await expectAgreement();
    }
    await expectAgreement();
  });

  it("reads a long calendar page by page and a lost cursor in the same run", async () => {
    await google.act("bulk", {
      account: account.email,
      count: 6000,
      start: NOW.toISOString(),
      spacingMinutes: 20,
    });
    await expectAgreement();
    expect((await stored()).length).toBeGreaterThan(5_000);
    await google.act("calendars/invalidate-tokens", { account: account.email });
    expect(await sync()).toMatchObject({
      status: "succeeded",
      counts: { imported: 0, updated: 0, removed: 0 },
    });
    expect(await cursorKind()).toBe("full");
  });

  it("costs one request when nothing changed, however much is stored", async () => {
    await google.act("bulk", {
      account: account.email,
      count: 3000,
      start: NOW.toISOString(),
      spacingMinutes: 30,
    });
    await sync();
    const before = google.sent.length;
    for (let round = 0; round < 5; round += 1) await sync();
    expect(google.sent.length - before).toBe(5);
  });

  it.each([
    ["transparent", { transparency: "transparent" }, false],
    ["tentative", { status: "tentative" }, true],
    ["out of office", { eventType: "outOfOffice" }, true],
    ["focus time", { eventType: "focusTime" }, true],
    [
      "working location",
      {
        eventType: "workingLocation",
        transparency: "transparent",
        workingLocationProperties: { type: "homeOffice", homeOffice: {} },
        visibility: "public",
      },
      false,
    ],
  ])("decides whether a %s event blocks", async (_name, extra, blocks) => {
    await create({
      summary: "x",
      ...timed("2026-11-25T15:00:00+01:00", "2026-11-25T16:00:00+01:00"),
      ...extra,
    });
    await sync();
    const rows = await database.db.execute(
      sql`select 1 from unavailabilities where calendar_id = ${calendarId}`,
    );
    expect(rows.length).toBe(blocks ? 1 : 0);
  });

  it("frees a declined invitation and blocks it again when it is accepted", async () => {
    const attendees = [{ email: account.email, responseStatus: "needsAction" }];
    const { id } = await google.act("events/create", {
      account: account.email,
      organizer: "boss@example.test",
      event: {
        summary: "Review",
        ...timed("2026-11-25T15:00:00+01:00", "2026-11-25T16:00:00+01:00"),
        attendees,
      },
    });
    const blocked = async () => {
      await sync();
      const rows = await database.db.execute(
        sql`select 1 from unavailabilities where calendar_id = ${calendarId}`,
      );
      return rows.length;
    };
    expect(await blocked()).toBe(1);
    await google.act("events/respond", { account: account.email, eventId: id, response: "declined" });
    expect(await blocked()).toBe(0);
    await google.act("events/respond", { account: account.email, eventId: id, response: "accepted" });
    expect(await blocked()).toBe(1);
  });

  it("moves all-day events when the calendar's zone changes", async () => {
    await create({ summary: "Holidays", start: { date: "2026-12-24" }, end: { date: "2026-12-25" } });
    await sync();
    await google.act("calendars/change", { account: account.email, timeZone: "Asia/Kathmandu" });
    await sync();
    const [row] = await database.db.execute<{ start: string }>(sql`
      select to_char(starts_at at time zone 'Asia/Kathmandu', 'YYYY-MM-DD HH24:MI') as start
      from calendar_sync_events where calendar_id = ${calendarId}`);
    expect(row?.start).toBe("2026-12-24 00:00");
  });
});

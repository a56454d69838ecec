import { randomBytes } from "node:crypto";
import { inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { vendorRequestMinutes } from "@/db/schema/watches";
import { JOBS } from "@/inngest/jobs";
import { withAccess } from "@/lib/connections/access";
import type { MinuteQuotas } from "@/lib/connections/request-quotas";
import { requestSync } from "@/lib/connections/request-sync";
import type { Services } from "@/lib/connections/services";
import { createProviderFetch } from "@/lib/platform/http";
import { isGoogleLimit } from "@/lib/providers/google/errors";
import { createGoogleProvider } from "@/lib/providers/google/google-provider";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  PARIS,
  type Person,
  type TestClock,
  testClock,
  testLedger,
  testServices,
} from "@/tests/support/factories";
import { CLIENT, type GoogleBench, openGoogle } from "@/tests/support/google";

const MINUTE_MS = 60_000;

/** Google's quotas as the stand-in enforces them here: small, so that little is much. */
const PROJECT = 250;
const PERSON = 100;
const masterKeys = [{ id: "test", key: randomBytes(32) }];

let database: TestDatabase;
let google: GoogleBench;
let clock: TestClock;
let serial = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  google = await openGoogle();
  const client = { id: CLIENT.clientId, secret: CLIENT.clientSecret, name: "Entente", redirectUris: [] };
  google.sandbox.oauth.clients.set(client.id, client);
});
afterAll(async () => {
  await google?.[Symbol.asyncDispose]();
  await database?.drop();
});
beforeEach(async () => {
  await database.db.delete(calendars);
  await database.db.delete(vendorRequestMinutes);
  clock = testClock(new Date());
  google.sandbox.clock.set(clock.now());
  google.sandbox.faults.disarm();
  google.sandbox.switches.set("google.quota.perProject", PROJECT);
  google.sandbox.switches.set("google.quota.perUser", PERSON);
  google.sandbox.ledger.reset();
});

/** A process: its own ledger and its own door, on the one database. */
function process(): Services {
  const quotas: MinuteQuotas = {
    google: { origin: "https://www.googleapis.com", project: PROJECT, person: PERSON },
    microsoft: null,
  };
  const sleep = async () => undefined;
  const requests = testLedger(database.db, clock, { quotas, sleep });
  const fetch = createProviderFetch({
    origins: google.origins,
    observe: requests.count,
    admit: requests.admit,
    isLimit: isGoogleLimit,
  });
  const provider = createGoogleProvider({ ...CLIENT, fetch });
  return testServices(database.db, [provider], { clock, requests, masterKeys });
}

interface Account {
  person: Person;
  connectionId: string;
  email: string;
  calendarIds: string[];
}

/** An account with so many calendars that are due and were never read. */
async function account(services: Services, count: number): Promise<Account> {
  serial += 1;
  const grant = google.account(`paced-${serial}@example.test`);
  const person = await createPerson(database.db);
  const connectionId = await createConnection(services, person, { ...grant, accountEmail: grant.email });
  const calendarIds: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { id: externalId } =
      n === 0
        ? { id: grant.email }
        : await google.act<{ id: string }>("calendars/create", { account: grant.email, summary: `C${n}` });
    calendarIds.push(await createCalendar(services, connectionId, person, { externalId }));
  }
  return { person, connectionId, email: grant.email, calendarIds };
}

function pass(ms: number): void {
  clock.advance(ms);
  google.sandbox.clock.set(clock.now());
}

/** Each process's tick, all at once. Answers how often Google was asked, and how often it refused. */
async function tick(...processes: Services[]) {
  const before = google.sandbox.ledger.recent({ limit: 1 })[0]?.sequence ?? 0;
  await Promise.all(processes.map((services) => JOBS["sync-tick"](services)));
  await Promise.all(processes.map(({ requests }) => requests.flush()));
  const asked = google.sandbox.ledger.recent({ afterSequence: before, limit: 5_000 });
  return { asked: asked.length, refused: asked.filter(({ status }) => status === 403).length };
}

const unread = async () => {
  const [row] = await database.db.execute<{ count: number }>(
    sql`select count(*)::int as count from calendars where last_synced_at is null`,
  );
  return row?.count;
};
const failures = async () => {
  const [row] = await database.db.execute<{ count: number }>(
    sql`select (select count(*) from calendars where failures > 0)::int
      + (select count(*) from calendar_sync_logs where status = 'failed')::int as count`,
  );
  return row?.count;
};

describe("a person with more due calendars than a minute allows", () => {
  it("has them read minute by minute, none refused and none failed, and waits for nothing they do", async () => {
    const services = process();
    const { connectionId, email } = await account(services, 150);
    const first = await tick(services);
    expect(first.refused).toBe(0);
    expect(first.asked).toBeGreaterThanOrEqual(PERSON * 0.8);
    expect(first.asked).toBeLessThanOrEqual(PERSON * 0.95);

    // The same minute goes on: the background stays away, a person's own reading does not.
    pass(2_000);
    expect(await tick(services)).toMatchObject({ asked: 0 });
    const window = { start: clock.now(), end: new Date(clock.now().getTime() + MINUTE_MS) };
    await withAccess(services, connectionId, async (access) => {
      const provider = services.providers.find("google");
      await provider?.listWindow(access, { externalId: email, timeZone: PARIS }, window);
    });

    pass(MINUTE_MS);
    const second = await tick(services); // Some of those that were read are due again.
    expect(second.refused).toBe(0);
    expect(second.asked).toBeGreaterThanOrEqual(150 - first.asked);
    expect(second.asked).toBeLessThanOrEqual(PERSON * 0.95);
    expect(await unread()).toBe(0);
    expect(await failures()).toBe(0);
  });

  it("has what they ask for done while the background stays away", async () => {
    const services = process();
    const { person, connectionId, calendarIds } = await account(services, 1);
    for (let n = 0; n < PERSON * 0.8; n += 1) {
      await services.requests.admit({
        vendor: "google",
        origin: "https://www.googleapis.com",
        person: person.userId,
        patient: true,
      });
    }
    expect(await JOBS["sync-tick"](services)).toMatchObject({ calendars: 1, skipped: 1, failed: 0 });
    await requestSync(services, person.ctx(clock.now()), connectionId);
    await JOBS["drain-outbox"](services);
    const rows = await database.db.select().from(calendars).where(inArray(calendars.id, calendarIds));
    expect(rows).toMatchObject([{ failures: 0, syncedSeq: 2 }]);
  });

  it("is put off by the door without a word about anybody's health, and the run goes on later", async () => {
    const services = process();
    const { person, connectionId } = await account(services, 1);
    const full = { vendor: "google", origin: "https://www.googleapis.com", patient: false } as const;
    for (let n = 0; n < PERSON; n += 1) await services.requests.admit({ ...full, person: person.userId });
    await requestSync(services, person.ctx(clock.now()), connectionId);
    await JOBS["drain-outbox"](services);
    expect(await unread()).toBe(1);
    expect(await failures()).toBe(0);
    pass(2 * MINUTE_MS);
    expect(await JOBS["sync-tick"](services)).toMatchObject({ succeeded: 1 });
    const runs = await database.db.query.calendarSyncLogs.findMany({
      where: (run, { eq: same }) => same(run.connectionId, connectionId),
    });
    expect(runs).toMatchObject([{ trigger: "manual", status: "succeeded" }]);
  });
});

describe("a fleet that returns after an outage", () => {
  const FLEET = 400;

  it("is read within the project's quota, however many processes read, until nothing waits", async () => {
    const [one, other] = [process(), process()];
    for (let n = 0; n < FLEET; n += 20) await Promise.all(Array.from({ length: 20 }, () => account(one, 1)));
    google.sandbox.faults.arm({ operation: "calendar.events.list", kind: "unavailable", count: 0 });
    expect((await tick(one, other)).asked).toBeLessThanOrEqual(PROJECT);
    google.sandbox.faults.disarm();
    const minutes: number[] = [];
    for (let n = 0; n < 20 && (await unread()) !== 0; n += 1) {
      pass(MINUTE_MS + 1_000); // Nobody sleeps here, so the window's last second passes at once.
      const { asked, refused } = await tick(one, other);
      expect(refused).toBe(0);
      minutes.push(asked);
    }
    expect(await unread()).toBe(0);
    expect(Math.max(...minutes)).toBeLessThanOrEqual(PROJECT);
    // As fast as the share allows that is for work nobody waits for.
    expect(minutes.length).toBeLessThanOrEqual(Math.ceil(FLEET / (PROJECT * 0.8)) + 1);
    const [row] = await database.db.execute<{ requests: number }>(sql`
      select max(requests)::int as requests
      from (select sum(requests) as requests from vendor_request_minutes group by minute) m
    `);
    expect(row?.requests).toBeLessThanOrEqual(PROJECT);
  });
});

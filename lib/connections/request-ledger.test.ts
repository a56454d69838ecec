import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { vendorRequests } from "@/db/schema/watches";
import { withAccess } from "@/lib/connections/access";
import { createProviderFetch, type OutboundRecord } from "@/lib/platform/http";
import { newId } from "@/lib/platform/ids";
import { createGoogleProvider } from "@/lib/providers/google/google-provider";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createConnection,
  createPerson,
  testClock,
  testLedger,
  testServices,
} from "@/tests/support/factories";
import { CLIENT, openGoogle } from "@/tests/support/google";

const NOBODY = "00000000-0000-0000-0000-000000000000";
const NOON = "2026-11-20T12:00:00.000Z";
const person = newId(new Date(NOON));
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.db.delete(vendorRequests));
afterAll(() => database?.drop());

function ledger(budget = 1_000, perPerson = 100) {
  const clock = testClock(NOON);
  const budgets = { vendors: { google: budget, microsoft: null }, person: perPerson };
  return { clock, ledger: testLedger(database.db, clock, { budgets }) };
}

const record = (overrides: Partial<OutboundRecord> = {}): OutboundRecord => ({
  origin: "https://www.googleapis.com",
  vendor: "google",
  person,
  method: "GET",
  patient: true,
  status: 200,
  limited: false,
  fault: null,
  durationMs: 10,
  ...overrides,
});
const rows = () => database.db.select().from(vendorRequests).orderBy(vendorRequests.day);

describe("the ledger of requests", () => {
  it("counts by vendor, person and UTC day, in batches", async () => {
    const { clock, ledger: one } = ledger();
    const { ledger: other } = ledger();
    one.count(record());
    one.count(record({ status: 403, limited: true }));
    one.count(record({ status: 503 }));
    one.count(record({ status: 410 }));
    other.count(record({ status: null, fault: "timeout" }));
    one.count(record({ person: null, vendor: "microsoft" }));
    expect(await rows()).toEqual([]);
    await Promise.all([one.flush(), other.flush()]);
    await one.flush();
    clock.set("2026-11-21T00:00:01.000Z");
    one.count(record());
    await one.flush();
    const day = "2026-11-20";
    const row = (provider: string, userId: string, counts: [number, number, number], at = day) => {
      const [requests, failures, limited] = counts;
      return { provider, userId, day: at, requests, failures, limited };
    };
    const found = await rows();
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        row("google", person, [5, 3, 1]),
        row("microsoft", NOBODY, [1, 0, 0]),
        row("google", person, [1, 0, 0], "2026-11-21"),
      ]),
    );
  });

  it("counts as many when several processes count the same people at once", async () => {
    const persons = Array.from({ length: 40 }, () => newId(new Date(NOON)));
    const ledgers = Array.from({ length: 4 }, () => ledger().ledger);
    for (let round = 0; round < 5; round += 1) {
      for (const [at, one] of ledgers.entries()) {
        const order = at % 2 === 0 ? persons : persons.toReversed();
        for (const of of order) one.count(record({ person: of }));
      }
      await Promise.all(ledgers.map((one) => one.flush()));
    }
    expect((await rows()).map(({ requests }) => requests)).toEqual(persons.map(() => 20));
  });

  it("loses rather than doubles what it cannot be sure of, and goes on", async () => {
    const clock = testClock(NOON);
    const nowhere = openDatabase("postgres://nobody@127.0.0.1:9/nowhere");
    const budgets = { vendors: { google: 10, microsoft: null }, person: 5 };
    const lost = testLedger(nowhere.db, clock, { budgets });
    lost.count(record());
    await lost.flush();
    await lost.flush();
    expect(lost.pressure("google", person)).toBe(0);
    await nowhere.close();
  });

  it("presses on everybody when the day's budget will not do, whoever used it", async () => {
    const { clock, ledger: one } = ledger(1_000);
    const { ledger: other } = ledger(1_000);
    for (let n = 0; n < 300; n += 1) other.count(record({ person: null }));
    await other.flush();
    expect(one.pressure("google", person)).toBe(0);
    await one.flush();
    expect(one.pressure("google", person)).toBeCloseTo(0.6, 5);
    expect(one.pressure("microsoft", person)).toBe(0);
    clock.set("2026-11-21T00:00:01.000Z");
    expect(one.pressure("google", person)).toBe(0);
  });

  it("presses on one person beyond their own budget, and on nobody else", async () => {
    const { ledger: one } = ledger(1_000_000, 100);
    for (let n = 0; n < 100; n += 1) one.count(record());
    await one.flush();
    expect(one.pressure("google", person)).toBeLessThan(0.01);
    one.count(record());
    await one.flush();
    expect(one.pressure("google", person)).toBeCloseTo(1.01, 5);
    expect(one.pressure("google", newId(new Date(NOON)))).toBeLessThan(0.01);
  });
});

it("the whole way: what goes out with a person's token counts for that person", async () => {
  await using google = await openGoogle();
  const { ledger: one } = ledger();
  const fetch = createProviderFetch({ origins: google.origins, observe: one.count });
  const services = testServices(database.db, [createGoogleProvider({ ...CLIENT, fetch })]);
  const { userId, ...rest } = await createPerson(database.db);
  const account = google.account("counted@example.test");
  const connectionId = await createConnection(services, { userId, ...rest }, account);
  const [provider] = services.providers.vendors().map((vendor) => services.providers.find(vendor));
  await withAccess(services, connectionId, async (access) => {
    await provider?.listCalendars(access);
    const window = { start: new Date(NOON), end: new Date("2026-12-20T12:00:00Z") };
    const calendar = { externalId: account.email, timeZone: "Europe/Paris" as never };
    for await (const _ of provider?.readRound(access, { calendar, cursor: null, window }) ?? []);
  });
  await provider?.oauth.refresh(account.refreshToken);
  await one.flush();
  const found = await rows();
  expect(found.find((row) => row.userId === userId)?.requests).toBe(2);
  expect(found.find((row) => row.userId === NOBODY)?.requests).toBeGreaterThan(0);
});

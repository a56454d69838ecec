import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calendarWatches } from "@/db/schema/watches";
import { disconnect } from "@/lib/connections/disconnect";
import type { Services } from "@/lib/connections/services";
import { ProviderError } from "@/lib/providers/provider-error";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { returnToPresent } from "@/lib/sync/return-to-present";
import { renewWatches } from "@/lib/sync/watches/renew-watches";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import {
  createCalendar,
  createConnection,
  createPerson,
  type Person,
  type TestClock,
  testClock,
  testServices,
} from "@/tests/support/factories";
import { type ScriptedVendor, scriptedVendor } from "@/tests/support/scripted-vendor";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let database: TestDatabase;
let vendor: ScriptedVendor;
let clock: TestClock;
let services: Services;
let person: Person;
let connectionId: string;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  clock = testClock();
  vendor = scriptedVendor({ now: () => clock.now() });
  services = testServices(database.db, [vendor.provider], {
    clock,
    appOrigin: "https://entente.example.test",
  });
  person = await createPerson(database.db);
  connectionId = await createConnection(services, person);
  await createCalendar(services, connectionId, person, { externalId: "work" });
});

const renew = (given: Services = services) => renewWatches(given, { connectionId });
const watches = () =>
  database.db.query.calendarWatches.findMany({
    where: (watch, { eq }) => eq(watch.connectionId, connectionId),
    orderBy: (watch, { asc }) => asc(watch.requestedAt),
  });

describe("a watch", () => {
  it("is a row, with its secret's hash, before its vendor is asked", async () => {
    vendor.watches.onCreate.push(async ({ id, secret }) => {
      const [row, ...others] = await watches();
      expect(others).toEqual([]);
      expect(row).toMatchObject({ id, expiresAt: null, resourceId: null, verifiedAt: null });
      expect(row?.secretHash).not.toBe(secret);
      return undefined;
    });
    expect(await renew()).toMatchObject({ made: 1 });
    expect(vendor.watches.created).toMatchObject([
      {
        calendar: "work",
        address: "https://entente.example.test/api/webhooks/google",
        lifetimeMs: 7 * DAY_MS,
      },
    ]);
    const [row] = await watches();
    const { renewAt, requestedAt } = row ?? {};
    const share = ((renewAt?.getTime() ?? 0) - (requestedAt?.getTime() ?? 0)) / (7 * DAY_MS);
    expect(share).toBeGreaterThanOrEqual(0.7);
    expect(share).toBeLessThanOrEqual(0.85);
  });

  it("follows the end that was granted, not the one that was asked for", async () => {
    vendor.watches.onCreate.push(async () => ({
      expiresAt: new Date(clock.now().getTime() + 60 * MINUTE_MS),
    }));
    await renew();
    clock.advance(52 * MINUTE_MS);
    expect(await renew()).toMatchObject({ made: 1 });
  });

  it.each([
    ["in the past", -DAY_MS],
    ["at this moment", 0],
    ["in a minute", MINUTE_MS],
  ])("that ends %s is asked for less and less often, not at each turn", async (_, left) => {
    const ends = async () => ({ expiresAt: new Date(clock.now().getTime() + left) });
    vendor.watches.onCreate.push(...Array.from({ length: 60 }, () => ends));
    for (let turn = 0; turn < 120; turn += 1) {
      await renew();
      clock.advance(2 * MINUTE_MS);
    }
    expect(vendor.watches.created.length).toBeLessThanOrEqual(10);
    vendor.watches.onCreate.length = 0;
    clock.advance(6 * 60 * MINUTE_MS);
    expect(await renew()).toMatchObject({ made: 1 });
    clock.advance(DAY_MS);
    expect(await renew()).toMatchObject({ due: 0 });
  });

  it("that ends in a year is made once, and replaced before the longest life any can have", async () => {
    vendor.watches.onCreate.push(async () => ({ expiresAt: new Date(clock.now().getTime() + 365 * DAY_MS) }));
    await renew();
    for (let day = 0; day < 20; day += 1) {
      clock.advance(DAY_MS);
      expect(await renew()).toMatchObject({ due: 0 });
    }
    clock.advance(7 * DAY_MS);
    expect(await renew()).toMatchObject({ made: 1 });
  });

  it("of which the worker was killed between request and record is given up, and another is made", async () => {
    vendor.watches.onCreate.push(() => new Promise(() => undefined));
    void renew();
    while (vendor.watches.created.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await renew()).toMatchObject({ due: 0 });
    clock.advance(3 * MINUTE_MS);
    expect(await renew()).toMatchObject({ made: 1 });
    const rows = await watches();
    expect(rows.map(({ stopWantedAt }) => stopWantedAt !== null)).toEqual([true, false]);
    clock.advance(32 * DAY_MS);
    await renew();
    expect(await watches()).toHaveLength(1);
  });

  it("that is answered after its connection left is stopped by whoever asked for it", async () => {
    vendor.provider.oauth.revoke = async () => undefined;
    vendor.watches.onCreate.push(async () => {
      await disconnect(services, person.ctx(clock.now()), connectionId);
      expect(await finishDisconnect(services, connectionId)).toMatchObject({ status: "done" });
      return undefined;
    });
    await renew();
    expect(vendor.watches.stopped).toMatchObject([{ externalId: vendor.watches.created[0]?.id }]);
    expect(await watches()).toEqual([]);
  });

  it("is stopped before the revocation, and a stop that fails delays it", async () => {
    await renew();
    const order: string[] = [];
    vendor.provider.oauth.revoke = async () => void order.push("revoked");
    vendor.watches.onStop.push(
      async () => {
        throw new ProviderError("transient");
      },
      async () => void order.push("stopped"),
    );
    await disconnect(services, person.ctx(clock.now()), connectionId);
    expect(await finishDisconnect(services, connectionId)).toMatchObject({ status: "waiting" });
    expect(order).toEqual([]);
    clock.advance(16 * MINUTE_MS);
    expect(await finishDisconnect(services, connectionId)).toMatchObject({ ending: "revoked" });
    expect(order).toEqual(["stopped", "revoked"]);
  });

  it("that its vendor will not let us stop does not keep a connection from leaving", async () => {
    await renew();
    vendor.provider.oauth.revoke = async () => undefined;
    vendor.watches.onStop.push(async () => {
      throw new ProviderError("invalid_request");
    });
    await disconnect(services, person.ctx(clock.now()), connectionId);
    expect(await finishDisconnect(services, connectionId)).toMatchObject({ status: "done" });
  });

  it.each([
    "access_token_rejected",
    "not_supported",
    "duplicate",
    "permission_denied",
    "misconfigured",
  ] as const)("that is refused as %s leaves no row behind", async (kind) => {
    const refuse = async () => {
      throw new ProviderError(kind);
    };
    vendor.watches.onCreate.push(refuse, refuse);
    await renew();
    expect(await watches()).toEqual([]);
  });
});

describe("who is asked", () => {
  it("is nobody while the vendor could not reach us, and the stand-in on this machine", async () => {
    const local = { ...services, appOrigin: "http://localhost:3000" };
    expect(await renew(local)).toMatchObject({ due: 0 });
    const origins = new Map([["https://www.googleapis.com", "http://127.0.0.1:4010"]]);
    expect(await renew({ ...local, origins })).toMatchObject({ made: 1 });
  });

  it("is not asked for a calendar that is neither checked nor the bookings' target", async () => {
    await createCalendar(services, connectionId, person, { externalId: "other", selected: false });
    expect(await renew()).toMatchObject({ due: 1, made: 1 });
  });
});

describe("a job that ran as if it were later", () => {
  it("leaves a watch that the real schedule goes on with", async () => {
    await renew();
    const present = clock.now();
    clock.advance(6.5 * DAY_MS);
    expect(await renew()).toMatchObject({ made: 1 });
    clock.set(present);
    await returnToPresent(database.db, present);
    for (const { requestedAt, renewAt, expiresAt, ...watch } of await watches()) {
      expect(watch).toMatchObject({ stopWantedAt: null, verifiedAt: null });
      expect(requestedAt.getTime()).toBeLessThanOrEqual(present.getTime());
      expect(renewAt?.getTime()).toBeGreaterThan(present.getTime());
      expect(renewAt?.getTime()).toBeLessThan(expiresAt?.getTime() ?? 0);
    }
    clock.advance(11 * MINUTE_MS);
    expect(await renew()).toMatchObject({ made: 0, stopped: 1 });
    expect(await watches()).toHaveLength(1);
  });

  it("brings back what it put off", async () => {
    const present = clock.now();
    clock.advance(3 * DAY_MS);
    vendor.watches.onCreate.push(async () => {
      throw new ProviderError("not_supported");
    });
    await renew();
    clock.set(present);
    await returnToPresent(database.db, present);
    const [calendar] = await database.db.query.calendars.findMany({
      where: (row, { eq }) => eq(row.connectionId, connectionId),
    });
    expect(calendar?.pushUnsupportedUntil?.getTime()).toBeLessThanOrEqual(present.getTime() + 7 * DAY_MS);
    expect(calendar?.nextWatchAt).toBeNull();
  });

  it("calls nothing unsupported that was only put off", async () => {
    const present = clock.now();
    clock.advance(3 * DAY_MS);
    vendor.watches.onCreate.push(async () => {
      throw new ProviderError("transient");
    });
    await renew();
    clock.set(present);
    await returnToPresent(database.db, present);
    const [calendar] = await database.db.query.calendars.findMany({
      where: (row, { eq }) => eq(row.connectionId, connectionId),
    });
    expect(calendar).toMatchObject({ pushUnsupportedUntil: null, nextWatchAt: null });
  });
});

it("two processes that stop the same watch ask once", async () => {
  await renew();
  await database.db.update(calendarWatches).set({ stopWantedAt: clock.now() });
  await Promise.all([renew(), renew(), renew()]);
  expect(vendor.watches.stopped).toHaveLength(1);
});

import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { JOBS } from "@/inngest/jobs";
import { getConnection } from "@/lib/connections/queries";
import { refreshCalendars } from "@/lib/connections/refresh-calendars";
import { requestSync } from "@/lib/connections/request-sync";
import { syncCalendar } from "@/lib/sync/import/sync-calendar";
import type { FaultOrder } from "@/sandbox/core/faults";
import { createCalendar, createConnection } from "@/tests/support/factories";
import { storedRows, vendorWorld } from "./vendor-world";

const world = vendorWorld();

/** Requests a calendar may cost while its vendor fails for ten minutes: one at each try, no storm. */
const MOST_REQUESTS = 30;

const calendar = async () => {
  const rows = await world.database.db.select().from(calendars).where(eq(calendars.id, world.calendarId));
  return rows[0];
};
const bulk = (count: number) => world.google.act("bulk", { account: world.account.email, count, days: 80 });
const create = (summary: string, hour = 9) =>
  world.google.act("events/create", {
    account: world.account.email,
    event: { summary, start: { dateTime: at(2, hour) }, end: { dateTime: at(2, hour + 1) } },
  });
const at = (days: number, hour: number) =>
  new Date(
    Math.floor(world.clock.now().getTime() / 86_400_000 + days) * 86_400_000 + hour * 3_600_000,
  ).toISOString();

/** A calendar read once, with a change waiting that only a working vendor can tell. */
async function readOnceThenChange(): Promise<{ before: string[] }> {
  await bulk(20);
  const gone = await create("goes");
  await world.minutes(1);
  const before = await world.stored();
  expect(before).toEqual(await world.truth());
  await world.google.act("events/delete", { account: world.account.email, eventId: gone.id });
  await create("comes", 12);
  return { before };
}

type Fault = Partial<FaultOrder> & { kind: FaultOrder["kind"] };

const FAULTS: [name: string, fault: Fault, kind: string][] = [
  ["401 on every call", { kind: "auth_error" }, "access_token_rejected"],
  ["403 insufficientPermissions", { kind: "insufficient_permissions" }, "scope_missing"],
  ["403 rateLimitExceeded", { kind: "rate_limit_exceeded" }, "rate_limited"],
  ["403 userRateLimitExceeded", { kind: "user_rate_limit_exceeded" }, "rate_limited"],
  ["403 quotaExceeded", { kind: "quota_exceeded" }, "quota_exhausted"],
  ["403 dailyLimitExceeded", { kind: "daily_limit_exceeded" }, "quota_exhausted"],
  ["429 without Retry-After", { kind: "too_many_requests" }, "rate_limited"],
  ["429 with Retry-After in seconds", { kind: "too_many_requests", retryAfter: 90 }, "rate_limited"],
  ["429 with Retry-After as a date", { kind: "too_many_requests", retryAfter: "date:90" }, "rate_limited"],
  ["404", { kind: "not_found" }, "not_found"],
  ["500", { kind: "internal_error" }, "transient"],
  ["502 with an HTML body", { kind: "bad_gateway" }, "transient"],
  ["503", { kind: "unavailable" }, "transient"],
  ["503 with Retry-After", { kind: "unavailable", retryAfter: 90 }, "rate_limited"],
  ["a connection reset before the work", { kind: "reset_before" }, "transient"],
  ["a connection reset after the work", { kind: "reset_after" }, "transient"],
  ["an answer that comes too late", { kind: "slow", delayMs: 2_000 }, "transient"],
  ["no answer at all", { kind: "never" }, "transient"],
  ["JSON that stops halfway", { kind: "truncated_json" }, "malformed_response"],
  ["200 with an HTML page", { kind: "html_ok" }, "malformed_response"],
];

describe.each(FAULTS)("while the vendor answers %s", (_name, fault, kind) => {
  it("nothing is lost or freed, and all is well within two cycles after it", async () => {
    const { before } = await readOnceThenChange();
    world.arm(fault);
    world.hurry(kind === "transient");
    const asked = world.requests();
    const began = world.clock.now();
    await world.minutes(10);
    expect(await world.stored()).toEqual(before);
    const failing = await calendar();
    expect(failing).toMatchObject({ lastErrorKind: kind });
    expect(failing?.cursor).not.toBeNull();
    expect(failing?.failures).toBeGreaterThan(0);
    expect(world.requests() - asked).toBeGreaterThan(0);
    expect(world.requests() - asked).toBeLessThanOrEqual(MOST_REQUESTS);
    expect(failing?.backoffUntil?.getTime()).toBeGreaterThan(began.getTime());
    const [connection] = await world.database.db
      .select({ reconnectReason: calendarConnections.reconnectReason })
      .from(calendarConnections)
      .where(eq(calendarConnections.id, world.connectionId));
    expect(connection).toEqual({ reconnectReason: null });
    world.google.sandbox.faults.disarm();
    world.hurry(false);
    await world.minutes(10);
    expect(await world.stored()).toEqual(await world.truth());
    expect(await world.stored()).not.toEqual(before);
    expect(await calendar()).toMatchObject({ lastErrorKind: null, failures: 0, leaseUntil: null });
    expect(
      await getConnection(world.services, world.person.ctx(world.clock.now()), world.connectionId),
    ).toMatchObject({ status: "connected", statusReason: null });
  });
});

describe("a vendor's wait", () => {
  it.each<[number | string, Fault["kind"]]>([
    [120, "too_many_requests"],
    ["date:120", "too_many_requests"],
    [120, "unavailable"],
  ])("of Retry-After %s with %s is kept to, also by a sync asked for by hand", async (retryAfter, kind) => {
    await readOnceThenChange();
    world.arm({ kind, retryAfter, count: 1 });
    for (let minute = 0; minute < 7 && (await calendar())?.failures === 0; minute += 1)
      await world.minutes(1);
    const waiting = await calendar();
    const asked = world.requests();
    const until = waiting?.backoffUntil?.getTime() ?? 0;
    expect(until - (waiting?.lastErrorAt?.getTime() ?? 0)).toBeGreaterThanOrEqual(119_000);
    world.clock.set(new Date(until - 90_000));
    await requestSync(world.services, world.person.ctx(world.clock.now()), world.connectionId);
    await syncCalendar(world.services, world.calendarId, "manual");
    expect(world.requests()).toBe(asked);
    await world.minutes(3);
    expect(await world.stored()).toEqual(await world.truth());
    expect(await openRuns()).toBe(0);
  });
});

describe("a fault on the second page", () => {
  it.each<Fault["kind"]>([
    "internal_error",
    "auth_error",
    "too_many_requests",
    "reset_after",
    "truncated_json",
    "html_ok",
  ])("(%s) frees nothing and is made good", async (kind) => {
    await bulk(2_700);
    await world.minutes(1);
    const before = await world.stored();
    expect(before).toHaveLength(2_700);
    await world.google.act("calendars/invalidate-tokens", { account: world.account.email });
    await world.google.act("events/delete", {
      account: world.account.email,
      eventId: before[0]?.split(" ")[0],
    });
    world.arm({ kind, onCall: 3, count: 0 });
    await world.minutes(6);
    expect(await world.stored()).toEqual(before);
    world.google.sandbox.faults.disarm();
    await world.minutes(10);
    expect(await world.stored()).toHaveLength(2_699);
    expect(await world.stored()).toEqual(await world.truth());
  });
});

describe("a round without a sync token at its end", () => {
  it("keeps what it read and reads everything again next time", async () => {
    let without = true;
    world.fetchThrough((fetch) => async (input, init) => {
      const answer = await fetch(input, init);
      if (!without || answer.status !== 200) return answer;
      const { nextSyncToken: _left, ...body } = (await answer.json()) as Record<string, unknown>;
      return new Response(JSON.stringify(body), { headers: answer.headers });
    });
    await bulk(20);
    await world.minutes(1);
    expect(await world.stored()).toEqual(await world.truth());
    expect(await calendar()).toMatchObject({ cursor: null, lastErrorKind: null });
    await create("comes", 12);
    without = false;
    await world.minutes(10);
    expect(await world.stored()).toEqual(await world.truth());
    expect((await calendar())?.cursor).not.toBeNull();
  });
});

describe("a token that the vendor refuses once", () => {
  it("is renewed and the round goes on, unnoticed", async () => {
    await readOnceThenChange();
    world.google.sandbox.vault.expireAccess(world.account.email);
    await world.minutes(6);
    expect(await world.stored()).toEqual(await world.truth());
    expect(await calendar()).toMatchObject({ failures: 0, lastErrorKind: null });
    expect(world.google.sandbox.ledger.count("oauth.token.refresh")).toBe(1);
  });
});

describe("while tokens cannot be renewed", () => {
  it.each<[Fault["kind"], string | null, string]>([
    ["unavailable", null, "transient"],
    ["reset_before", null, "transient"],
    ["too_many_requests", null, "transient"],
    ["invalid_client", null, "misconfigured"],
    ["invalid_grant", "revoked", "reauthorization_required"],
    ["admin_policy", "admin_policy", "admin_policy"],
  ])(
    "(%s) the time goes on blocking, and only the owner's grant asks for the owner",
    async (kind, reason, error) => {
      const { before } = await readOnceThenChange();
      world.google.sandbox.vault.expireAccess(world.account.email);
      world.google.sandbox.faults.arm({ operation: "oauth.token.refresh", kind, count: 0 });
      await world.minutes(10);
      expect(await world.stored()).toEqual(before);
      expect(await calendar()).toMatchObject({ lastErrorKind: error });
      const [row] = await world.database.db
        .select({ reconnectReason: calendarConnections.reconnectReason })
        .from(calendarConnections)
        .where(eq(calendarConnections.id, world.connectionId));
      expect(row).toEqual({ reconnectReason: reason });
      expect(world.google.sandbox.ledger.count("oauth.token.refresh")).toBeLessThanOrEqual(MOST_REQUESTS);
      world.google.sandbox.faults.disarm();
      await world.minutes(10);
      expect(await world.stored()).toEqual(reason === null ? await world.truth() : before);
    },
  );
});

const openRuns = async () => {
  const rows = await world.database.db
    .select({ status: calendarSyncLogs.status })
    .from(calendarSyncLogs)
    .where(eq(calendarSyncLogs.calendarId, world.calendarId));
  return rows.filter(({ status }) => status === "running").length;
};

describe("a sync asked for by hand while the vendor is down", () => {
  it("ends in words after its attempts, and what changed is read all the same", async () => {
    await readOnceThenChange();
    world.arm({ kind: "unavailable" });
    const ctx = world.person.ctx(world.clock.now());
    const { runIds } = await requestSync(world.services, ctx, world.connectionId);
    await world.minutes(15);
    expect(await openRuns()).toBe(0);
    const [run] = await world.database.db
      .select()
      .from(calendarSyncLogs)
      .where(eq(calendarSyncLogs.id, runIds[0] ?? ""));
    expect(run).toMatchObject({ status: "failed", errorCode: "transient", attempts: 3 });
    world.google.sandbox.faults.disarm();
    await world.minutes(10);
    expect(await world.stored()).toEqual(await world.truth());
  });
});

describe("one calendar that cannot be read", () => {
  it("neither hides nor frees another account's time", async () => {
    const healthy = world.google.account(`healthy-of-${world.account.email}`);
    await world.google.act("bulk", { account: healthy.email, count: 5, days: 80 });
    const connectionId = await createConnection(world.services, world.person, {
      ...healthy,
      subject: `of-${world.account.email}`,
    });
    const other = await createCalendar(world.services, connectionId, world.person, {
      externalId: healthy.email,
    });
    const { before } = await readOnceThenChange();
    world.arm({ kind: "not_found" });
    await JOBS["sync-tick"](world.services);
    await world.google.act("events/create", {
      account: healthy.email,
      event: { summary: "new", start: { dateTime: at(3, 9) }, end: { dateTime: at(3, 10) } },
    });
    await world.minutes(10);
    await JOBS["sync-tick"](world.services);
    expect(await world.stored()).toEqual(before);
    expect(await storedRows(world.database, other)).toHaveLength(6);
    const blocks = await world.database.db.execute(
      sql`select from unavailabilities where user_id = ${world.person.userId}`,
    );
    expect(blocks).toHaveLength(before.length + 6);
  });
});

describe("a list of calendars that arrives broken", () => {
  it.each<Fault["kind"]>(["html_ok", "truncated_json", "bad_gateway", "reset_after"])(
    "(%s) removes no calendar and frees nothing",
    async (kind) => {
      await bulk(5);
      await world.minutes(1);
      const before = await world.stored();
      world.arm({ operation: "calendar.calendarList.list", kind });
      await expect(refreshCalendars(world.services, world.connectionId)).rejects.toMatchObject({
        name: "ProviderError",
      });
      expect(await calendar()).toMatchObject({ selected: true });
      expect(await world.stored()).toEqual(before);
    },
  );
});

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ALICE, BOB, EVENTS, LIST, startSandbox, type TestSandbox } from "../testing/test-sandbox";

let sandbox: TestSandbox;
let alice: string;
let bob: string;

const tokenOf = async (account: string) =>
  String((await sandbox.control("grant", { account, scopes: [EVENTS, LIST] })).accessToken);
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  sandbox.reset();
  alice = await tokenOf(ALICE);
  bob = await tokenOf(BOB);
});

const OPERATION = "calendar.calendarList.list";
const ask = (token = alice, signal?: AbortSignal) =>
  fetch(`${sandbox.origin}/calendar/v3/users/me/calendarList`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  });
const reasonOf = async (response: Response) =>
  ((await response.json()) as { error: { errors: { reason: string }[] } }).error.errors[0]?.reason;
const arm = (order: object) => sandbox.control("faults", { operation: OPERATION, ...order });
const eventsUrl = () => `${sandbox.origin}/calendar/v3/calendars/primary/events`;
const insert = (id: string) =>
  fetch(eventsUrl(), {
    method: "POST",
    headers: { authorization: `Bearer ${alice}`, "content-type": "application/json" },
    body: JSON.stringify({
      id,
      summary: "Visit",
      start: { dateTime: "2026-12-01T09:00:00Z" },
      end: { dateTime: "2026-12-01T10:00:00Z" },
    }),
  });
const event = (id: string) =>
  fetch(`${eventsUrl()}/${id}`, { headers: { authorization: `Bearer ${alice}` } });

test("A58 a user over the minute's quota answers 403 userRateLimitExceeded, others go on", async () => {
  sandbox.switches.set("google.quota.perUser", 2);
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
  const refused = await ask();
  expect(refused.status).toBe(403);
  expect(refused.headers.get("retry-after")).toBeNull();
  expect(await reasonOf(refused)).toBe("userRateLimitExceeded");
  expect((await ask(bob)).status).toBe(200);
});

test("A58 a project over the minute's quota answers 403 rateLimitExceeded, or 429 with Retry-After by switch", async () => {
  sandbox.switches.set("google.quota.perProject", 1);
  await ask();
  expect(await reasonOf(await ask(bob))).toBe("rateLimitExceeded");
  sandbox.switches.set("google.quota.status", "429");
  sandbox.switches.set("google.quota.retryAfter", 17);
  const refused = await ask(bob);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("17");
});

test("A58 the defaults are 10,000 per project and 600 per user", () => {
  expect(sandbox.switches.get("google.quota.perProject")).toBe(10_000);
  expect(sandbox.switches.get("google.quota.perUser")).toBe(600);
});

test.each([
  ["auth_error", 401, "authError"],
  ["rate_limit_exceeded", 403, "rateLimitExceeded"],
  ["user_rate_limit_exceeded", 403, "userRateLimitExceeded"],
  ["quota_exceeded", 403, "quotaExceeded"],
  ["daily_limit_exceeded", 403, "dailyLimitExceeded"],
  ["too_many_requests", 429, "rateLimitExceeded"],
  ["internal_error", 500, "backendError"],
  ["unavailable", 503, "backendError"],
])("A60 a call struck by %s answers %i %s, and the next one works", async (kind, status, reason) => {
  await arm({ kind });
  const struck = await ask();
  expect(struck.status).toBe(status);
  expect(await reasonOf(struck)).toBe(reason);
  expect((await ask()).status).toBe(200);
});

test("A60 insufficientPermissions has the exact body", async () => {
  await arm({ kind: "insufficient_permissions" });
  const struck = await ask();
  expect(struck.status).toBe(403);
  expect(await struck.json()).toMatchObject({
    error: {
      code: 403,
      message: "Request had insufficient authentication scopes.",
      errors: [{ message: "Insufficient Permission", domain: "global", reason: "insufficientPermissions" }],
      status: "PERMISSION_DENIED",
      details: [
        { reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT", metadata: { service: "calendar-json.googleapis.com" } },
      ],
    },
  });
});

test("A60 Retry-After comes in seconds or as a date", async () => {
  await arm({ kind: "too_many_requests", retryAfter: 30 });
  expect((await ask()).headers.get("retry-after")).toBe("30");
  await arm({ kind: "unavailable", retryAfter: "date:60" });
  sandbox.clock.advance(86_400_000);
  const before = sandbox.clock.ms();
  const { headers } = await ask();
  const [date, sent] = [headers.get("retry-after") ?? "", headers.get("date") ?? ""];
  expect(Date.parse(date)).toBeGreaterThan(before + 59_000);
  expect(Date.parse(date)).toBeLessThanOrEqual(sandbox.clock.ms() + 60_000);
  expect(Date.parse(date) - Date.parse(sent)).toBe(60_000);
});

test("A60 502 and a misplaced sign-in page are HTML", async () => {
  await arm({ kind: "bad_gateway" });
  await arm({ kind: "html_ok", onCall: 2 });
  for (const status of [502, 200]) {
    const struck = await ask();
    expect(struck.status).toBe(status);
    expect(struck.headers.get("content-type")).toContain("text/html");
  }
});

test("A60 a fault strikes from the nth call on, so often, that account, that method", async () => {
  await arm({ kind: "unavailable", account: ALICE, onCall: 2, count: 2 });
  const statuses: number[] = [];
  for (const token of [alice, bob, alice, bob, alice, alice]) statuses.push((await ask(token)).status);
  expect(statuses).toEqual([200, 200, 503, 200, 503, 200]);
  await sandbox.control("faults", { operation: "oauth.token.refresh", kind: "unavailable", count: 0 });
  expect((await ask()).status).toBe(200);
});

test("A60 a connection cut before the work leaves nothing, cut after it leaves the event", async () => {
  await sandbox.control("faults", { operation: "calendar.events.insert", kind: "reset_before" });
  await expect(insert("before00")).rejects.toThrow();
  expect((await event("before00")).status).toBe(404);
  await sandbox.control("faults", { operation: "calendar.events.insert", kind: "reset_after" });
  await expect(insert("after000")).rejects.toThrow();
  expect((await event("after000")).status).toBe(200);
});

test("A60 500 after the work leaves the event, and the retry meets 409", async () => {
  await sandbox.control("faults", { operation: "calendar.events.insert", kind: "error_after" });
  expect((await insert("again000")).status).toBe(500);
  expect((await insert("again000")).status).toBe(409);
});

test("A60 answers come late, never, or broken off", async () => {
  await arm({ kind: "slow", delayMs: 50 });
  expect((await ask()).status).toBe(200);
  await arm({ kind: "never" });
  await expect(ask(alice, AbortSignal.timeout(100))).rejects.toThrow();
  await arm({ kind: "truncated_json" });
  await expect((await ask()).json()).rejects.toThrow(SyntaxError);
});

test("A60 the token endpoint fails in its own words", async () => {
  const { refreshToken } = await sandbox.control("grant", { account: ALICE, scopes: [EVENTS] });
  const form = { grant_type: "refresh_token", refresh_token: String(refreshToken) };
  await sandbox.control("faults", { operation: "oauth.token", account: ALICE, kind: "invalid_grant" });
  await sandbox.control("faults", { operation: "oauth.token", account: BOB, kind: "unavailable" });
  expect(await sandbox.token(form)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  expect((await sandbox.token(form)).status).toBe(200);
});

test("A61 every request is counted by day and by operation", async () => {
  await ask();
  sandbox.clock.advance(86_400_000);
  const fresh = await tokenOf(ALICE);
  await ask(fresh);
  await ask(fresh);
  const { byDay, byOperation } = sandbox.ledger.counts();
  expect(byOperation[OPERATION]).toBe(3);
  expect(Object.values(byDay).map((day) => day[OPERATION])).toEqual([1, 2]);
});

test("The ledger names account, operation, status and fault, and no secret", async () => {
  await arm({ kind: "unavailable" });
  await ask();
  await fetch(`${sandbox.origin}/tokeninfo?access_token=${alice}`);
  const response = await fetch(`${sandbox.origin}/sandbox/api/requests?operation=calendar.*`);
  const { requests } = (await response.json()) as { requests: object[] };
  expect(requests[0]).toMatchObject({
    account: ALICE,
    operation: OPERATION,
    status: 503,
    fault: "unavailable",
  });
  expect(JSON.stringify(sandbox.ledger.recent())).not.toContain("SECRET");
});

test("Unknown addresses, methods and oversized bodies are refused in Google's shape", async () => {
  expect((await fetch(`${sandbox.origin}/calendar/v4/nothing`)).status).toBe(404);
  expect((await fetch(`${sandbox.origin}/token`)).status).toBe(405);
  const body = new URLSearchParams({ grant_type: "x".repeat(70_000) });
  expect((await fetch(`${sandbox.origin}/token`, { method: "POST", body })).status).toBe(413);
  expect((await fetch(`${sandbox.origin}/oauth2/v3/certs`, { method: "HEAD" })).status).toBe(200);
});

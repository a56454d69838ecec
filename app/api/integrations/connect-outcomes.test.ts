import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { startConsent } from "@/app/api/integrations/start-consent";
import { calendarSyncLogs, calendars } from "@/db/schema/calendars";
import { calendarConnections, oauthAttempts, oauthTokens } from "@/db/schema/connections";
import { integrationPolicies } from "@/db/schema/users";
import { auditLog, outbox } from "@/db/schema/work";
import { closeAttempt, expireAttempts, getAttempt } from "@/lib/connections/attempts";
import {
  ALL_SCOPES,
  comeBack,
  connectAs,
  decide,
  get,
  leave,
  outcomeOf,
  READ_ONLY,
  signedInWorld,
  signIn,
} from "@/tests/support/connect-world";
import { TEST_ORIGIN } from "@/tests/support/test-runtime";

const world = signedInWorld();

const db = () => world.database.db;
const connections = () =>
  db().select().from(calendarConnections).where(eq(calendarConnections.userId, world.person.userId));
const attempt = async () =>
  (await db().select().from(oauthAttempts).where(eq(oauthAttempts.userId, world.person.userId))).at(-1);

describe("a consent that ends well", () => {
  it("connects: tokens sealed, main calendar checked and target, first import asked for", async () => {
    expect(await connectAs(world, world.person)).toBe("connected");
    const [connection] = await connections();
    expect(connection).toMatchObject({
      accountEmail: "alice@example.test",
      issuer: "https://accounts.google.com",
      exportEnabled: true,
      generation: 1,
    });
    const id = connection?.id ?? "";
    const listed = await db().select().from(calendars).where(eq(calendars.connectionId, id));
    const main = listed.find((calendar) => calendar.isPrimary);
    expect(main).toMatchObject({ selected: true, changeSeq: 1, cursor: null });
    expect(listed.filter((calendar) => calendar.selected)).toHaveLength(1);
    expect(connection?.targetCalendarId).toBe(main?.id);
    const runs = await db().select().from(calendarSyncLogs).where(eq(calendarSyncLogs.connectionId, id));
    expect(runs).toMatchObject([{ trigger: "connect", kind: "full", status: "running", changeSeq: 1 }]);
    const nudges = await db().select().from(outbox);
    expect(nudges.at(-1)).toMatchObject({
      name: "calendar/sync.requested",
      data: { connectionId: id, calendarIds: [main?.id] },
    });
    expect(await attempt()).toMatchObject({
      outcome: "connected",
      resultConnectionId: id,
      secrets: null,
    });
    const audit = await db().select().from(auditLog).where(eq(auditLog.subjectId, id));
    expect(audit.map((row) => row.action)).toEqual(["connection.connected"]);
  });

  it("is limited without the permission to write, and then has no target", async () => {
    const tick = READ_ONLY;
    // The consent page offers only what we ask for; a person may still end up with less through an earlier grant.
    const consent = await leave(world, world.person);
    consent.searchParams.set("scope", `openid email ${READ_ONLY.join(" ")}`);
    const response = await comeBack(world, await decide(world, consent, { tick }), world.person.cookie);
    expect(outcomeOf(response)).toBe("limited");
    expect(await connections()).toMatchObject([{ targetCalendarId: null }]);
  });

  it("leaves a second connection's export off and its target open", async () => {
    await connectAs(world, world.person);
    expect(await connectAs(world, world.person, { account: "bob@example.test" })).toBe("connected");
    const second = (await connections()).find((row) => row.accountEmail === "bob@example.test");
    expect(second).toMatchObject({ exportEnabled: false, targetCalendarId: null });
  });

  it("ends in a popup on its own page and tells the attempt, never a code or token (attack 16)", async () => {
    const callback = await decide(world, await leave(world, world.person, "?popup=1"));
    const response = await comeBack(world, callback, world.person.cookie);
    const url = new URL(response.headers.get("location") ?? "");
    expect(url.origin + url.pathname).toBe(`${TEST_ORIGIN}/connect/finished`);
    expect([...url.searchParams.keys()].sort()).toEqual(["attempt", "outcome"]);
    expect(url.searchParams.get("attempt")).toBe((await attempt())?.id);
  });

  it("returns to the page it began on", async () => {
    const callback = await decide(world, await leave(world, world.person, "?returnTo=/calendar?view=week"));
    const response = await comeBack(world, callback, world.person.cookie);
    expect(response.headers.get("location")).toBe(`${TEST_ORIGIN}/calendar?view=week&connect=connected`);
  });
});

describe("a consent that ends otherwise", () => {
  it("denied: the person pressed cancel", async () => {
    expect(await connectAs(world, world.person, { tick: "deny" })).toBe("denied");
    expect(await connections()).toEqual([]);
    expect(await attempt()).toMatchObject({ outcome: "denied", errorCode: "access_denied" });
  });

  it("missing_scope: a box was left unticked; nothing is stored and the grant is given back (attack 10)", async () => {
    expect(await connectAs(world, world.person, { tick: ALL_SCOPES.slice(0, 1) })).toBe("missing_scope");
    expect(await connections()).toEqual([]);
    expect(await db().select().from(oauthTokens)).toEqual([]);
    expect(world.asked("oauth.revoke")).toBe(1);
  });

  it("missing_scope: keeps the grant that another living connection of the account needs", async () => {
    await connectAs(world, world.person);
    const consent = await leave(world, world.person);
    consent.searchParams.set("include_granted_scopes", "false");
    const callback = await decide(world, consent, { tick: ALL_SCOPES.slice(0, 1) });
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("missing_scope");
    expect(world.asked("oauth.revoke")).toBe(0);
    expect(await connections()).toMatchObject([{ generation: 1, reconnectReason: null }]);
  });

  it("wrong_account: a renewal came back with another account; the connection is as before", async () => {
    await connectAs(world, world.person);
    const [before] = await connections();
    const query = `?integrationId=${before?.id}`;
    expect(await connectAs(world, world.person, { account: "bob@example.test", query })).toBe(
      "wrong_account",
    );
    expect(await connections()).toEqual([before]);
    expect(world.asked("oauth.revoke")).toBe(1);
  });

  it("a renewal that failed says which connection trying again is about", async () => {
    await connectAs(world, world.person);
    const [before] = await connections();
    const query = `?integrationId=${before?.id}`;
    const deny = async (more = "") =>
      comeBack(
        world,
        await decide(world, await leave(world, world.person, query + more), { tick: "deny" }),
        world.person.cookie,
      );
    expect((await deny()).headers.get("location")).toBe(
      `${TEST_ORIGIN}/integrations?connect=denied&integrationId=${before?.id}`,
    );
    const popup = new URL((await deny("&popup=1")).headers.get("location") ?? "");
    expect(popup.searchParams.get("integrationId")).toBe(before?.id);
  });

  it("wrong_account: the account has no calendar", async () => {
    expect(await connectAs(world, world.person, { account: "no-calendar@example.test" })).toBe(
      "wrong_account",
    );
    expect(await connections()).toEqual([]);
    expect(await attempt()).toMatchObject({ errorCode: "no_calendar_account" });
    expect(world.asked("oauth.revoke")).toBe(1);
  });

  it("already_linked: names nobody and leaves the other person's rows and tokens alone (attack 14)", async () => {
    const other = await signIn(world);
    await connectAs(world, other);
    const before = await db().select().from(oauthTokens);
    const callback = await decide(world, await leave(world, world.person));
    const response = await comeBack(world, callback, world.person.cookie);
    expect(response.headers.get("location")).toBe(`${TEST_ORIGIN}/integrations?connect=already_linked`);
    expect(await connections()).toEqual([]);
    expect(await db().select().from(oauthTokens)).toEqual(before);
    expect(world.asked("oauth.revoke")).toBe(0);
  });

  it("policy: refused at the start, with an audit row and no request (attack 17)", async () => {
    await forbid();
    expect(outcomeOf(await startAt())).toBe("policy");
    expect(world.sandbox.ledger.counts().total).toBe(0);
    const audit = await db()
      .select()
      .from(auditLog)
      .where(and(eq(auditLog.userId, world.person.userId), eq(auditLog.action, "connection.refused")));
    expect(audit).toHaveLength(1);
  });

  it("policy: changed while the person was away, so the token is given back (attack 17)", async () => {
    const callback = await decide(world, await leave(world, world.person));
    await forbid();
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("policy");
    expect(await connections()).toEqual([]);
    expect(world.asked("oauth.revoke")).toBe(1);
  });

  it("provider_down: the token endpoint, or the calendar list, does not answer", async () => {
    for (const operation of ["oauth.token.code", "calendar.calendarList.list"]) {
      world.sandbox.faults.arm({ operation, kind: "unavailable", count: 0 });
      expect(await connectAs(world, world.person)).toBe("provider_down");
      world.sandbox.faults.disarm();
    }
    expect(await connections()).toEqual([]);
  });

  it("misconfigured: our client is unknown, which never blames the person", async () => {
    world.sandbox.faults.arm({ operation: "oauth.token.code", kind: "invalid_client" });
    expect(await connectAs(world, world.person)).toBe("misconfigured");
    expect(await attempt()).toMatchObject({ errorCode: "invalid_client" });
  });

  it("misconfigured: no refresh token came, so nothing that looks healthy is stored (attack 11)", async () => {
    await connectAs(world, world.person, { tick: ALL_SCOPES });
    await db().delete(calendarConnections);
    const consent = await leave(world, world.person);
    consent.searchParams.set("prompt", "select_account");
    const response = await comeBack(world, await decide(world, consent), world.person.cookie);
    expect(outcomeOf(response)).toBe("misconfigured");
    expect(await attempt()).toMatchObject({ errorCode: "no_refresh_token" });
    expect(await connections()).toEqual([]);
    // The grant was given back, so the next consent counts as a first one.
    expect(await connectAs(world, world.person)).toBe("connected");
  });

  it.each([
    ["admin_policy_enforced", "admin_approval"],
    ["org_internal", "admin_approval"],
    ["server_error", "provider_down"],
    ["temporarily_unavailable", "provider_down"],
    ["invalid_scope", "misconfigured"],
  ])("maps the vendor's %s to %s without a request", async (error, outcome) => {
    const callback = new URL(`${TEST_ORIGIN}/api/integrations/google/callback`);
    callback.searchParams.set("error", error);
    callback.searchParams.set("state", stateOf(await leave(world, world.person)));
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe(outcome);
    expect(world.asked("oauth.token.code")).toBe(0);
  });

  it("expired: the person came back after ten minutes (attack 4)", async () => {
    const callback = await decide(world, await leave(world, world.person));
    world.wait(10 * 60_000);
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("expired");
    expect(world.asked("oauth.token.code")).toBe(0);
  });

  it("expired: also when the sweep was there first", async () => {
    const callback = await decide(world, await leave(world, world.person));
    world.wait(11 * 60_000);
    await expireAttempts(db(), world.runtime.services.clock.now());
    expect(await attempt()).toMatchObject({ outcome: "expired", secrets: null });
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("expired");
  });

  it("closed: the opener gave up; should the person come back all the same, they are connected", async () => {
    const callback = await decide(world, await leave(world, world.person, "?popup=1"));
    const id = (await attempt())?.id ?? "";
    expect(await getAttempt(world.person.ctx(), id)).toMatchObject({ status: "pending", outcome: null });
    expect(await closeAttempt(world.person.ctx(), id)).toMatchObject({
      status: "finished",
      outcome: "closed",
    });
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("connected");
    expect(await getAttempt(world.person.ctx(), id)).toMatchObject({
      status: "finished",
      outcome: "connected",
    });
  });
});

async function forbid() {
  await db().insert(integrationPolicies).values({
    organizationId: world.person.organizationId,
    provider: "google",
    allowed: false,
    message: "Not here",
  });
}

async function startAt(): Promise<Response> {
  return startConsent(world.runtime, get("/api/integrations/google/connect", world.person.cookie), "google");
}

function stateOf(consent: URL): string {
  return consent.searchParams.get("state") ?? "";
}

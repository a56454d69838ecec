import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { followLink, openLink } from "@/app/api/integrations/use-link";
import { calendarConnections, oauthAttempts } from "@/db/schema/connections";
import { createApiAttempt, openAttemptLink } from "@/lib/connections/attempt-link";
import { getAttempt } from "@/lib/connections/attempts";
import type { Ctx } from "@/lib/organizations/context";
import { comeBack, decide, get, outcomeOf, signedInWorld, signIn } from "@/tests/support/connect-world";
import { TEST_ORIGIN } from "@/tests/support/test-runtime";

const world = signedInWorld();
let attemptId: string;
let address: URL;
let token: string;

beforeEach(async () => {
  const made = await createApiAttempt(world.runtime.services, world.person.ctx(), {
    vendor: "google",
    integrationId: null,
    returnTo: null,
  });
  attemptId = made.attemptId;
  address = new URL(made.authorizationUrl);
  token = address.pathname.split("/").at(-1) ?? "";
});

const open = (cookie: string | null) => openLink(world.runtime, get(address.pathname, cookie), token);
const attempt = () => getAttempt(world.person.ctx(), attemptId);

function follow(cookie: string, origin: string | null = TEST_ORIGIN): Promise<Response> {
  const headers = { cookie, ...(origin === null ? {} : { origin }) };
  return followLink(world.runtime, new Request(address, { method: "POST", headers }), token);
}

describe("a link an API client hands out", () => {
  it("is an address of ours, says nothing of the vendor, and is stored as a hash", async () => {
    expect(address.origin).toBe(TEST_ORIGIN);
    expect(await attempt()).toEqual({ status: "pending", outcome: null, integrationId: null });
    expect(JSON.stringify(await world.database.db.select().from(oauthAttempts))).not.toContain(token);
    expect(world.sandbox.ledger.counts().total).toBe(0);
  });

  it("shows its owner who will be connected, as often as they look", async () => {
    for (const _ of [1, 2]) {
      const response = await open(world.person.cookie);
      expect(response.status).toBe(302);
      expect(response.headers.get("location")).toBe(`${TEST_ORIGIN}/integrations/connect/${token}`);
    }
    const shown = await openAttemptLink(world.person.ctx(), token);
    expect(shown).toMatchObject({ vendor: "google", accountEmail: null });
    expect(shown.name).toMatch(/^Person /);
  });

  it("goes on by a POST from our page, once, and ends like any other consent", async () => {
    const response = await follow(world.person.cookie);
    expect(response.status).toBe(303);
    const callback = await decide(world, new URL(response.headers.get("location") ?? ""));
    expect((await follow(world.person.cookie)).status).toBe(404);
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("connected");
    const [connection] = await world.database.db.select().from(calendarConnections);
    expect(await attempt()).toEqual({
      status: "finished",
      outcome: "connected",
      integrationId: connection?.id,
    });
  });

  it("does not go on from another origin, or from none", async () => {
    for (const origin of ["https://evil.test", "null", null]) {
      expect((await follow(world.person.cookie, origin)).status).toBe(403);
    }
    expect(await attempt()).toMatchObject({ status: "pending" });
  });

  it("answers another person 403 and is over, by GET and by POST", async () => {
    const stranger = await signIn(world);
    expect((await open(stranger.cookie)).status).toBe(403);
    expect(await attempt()).toMatchObject({ status: "finished", outcome: "state_mismatch" });
    expect((await follow(stranger.cookie)).status).toBe(404);
    expect((await open(world.person.cookie)).status).toBe(404);
  });

  it("sends who is not signed in to sign in first, and back", async () => {
    const response = await open(null);
    const target = new URL(response.headers.get("location") ?? "");
    expect(target.pathname).toBe("/sign-in");
    expect(target.searchParams.get("returnTo")).toBe(`/integrations/connect/${token}`);
    expect(await attempt()).toMatchObject({ status: "pending" });
  });

  it("lasts ten minutes", async () => {
    world.wait(10 * 60_000);
    const response = await open(world.person.cookie);
    expect([response.status, (await response.json()).code]).toEqual([409, "attempt_finished"]);
    const later = world.person.ctx(world.runtime.services.clock.now());
    expect(await getAttempt(later, attemptId)).toMatchObject({ status: "finished", outcome: "expired" });
  });

  it("needs the connect permission of the key that asks", async () => {
    const actor: Ctx["actor"] = {
      type: "api_key",
      userId: world.person.userId,
      apiKeyId: "k",
      scopes: ["read", "write"],
    };
    const asked = createApiAttempt(
      world.runtime.services,
      { ...world.person.ctx(), actor },
      {
        vendor: "google",
        integrationId: null,
        returnTo: null,
      },
    );
    await expect(asked).rejects.toMatchObject({ code: "forbidden" });
  });

  it("another person's attempt does not exist", async () => {
    const stranger = await signIn(world);
    await expect(getAttempt(stranger.ctx(), attemptId)).rejects.toMatchObject({ code: "not_found" });
    const [row] = await world.database.db.select().from(oauthAttempts).where(eq(oauthAttempts.id, attemptId));
    expect(row?.outcome).toBeNull();
  });
});

import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { endConsent } from "@/app/api/integrations/end-consent";
import { startConsent } from "@/app/api/integrations/start-consent";
import { calendarConnections, oauthAttempts } from "@/db/schema/connections";
import { randomToken, tokenHash } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/ids";
import {
  comeBack,
  connectAs,
  decide,
  get,
  leave,
  outcomeOf,
  signedInWorld,
  signIn,
} from "@/tests/support/connect-world";
import { holdCalls } from "@/tests/support/held-calls";
import { TEST_ORIGIN } from "@/tests/support/test-runtime";

const world = signedInWorld();

const db = () => world.database.db;
const codeCalls = () => world.asked("oauth.token.code");
const everybody = () => db().select().from(calendarConnections);
const callbackWith = (query: Record<string, string>) =>
  new URL(`${TEST_ORIGIN}/api/integrations/google/callback?${new URLSearchParams(query)}`);

describe("a callback that is not the answer to this browser's question", () => {
  it("attack 1: an unknown state is refused without a token request", async () => {
    const response = await comeBack(world, callbackWith({ code: "x", state: "random" }), world.person.cookie);
    expect(response.headers.get("location")).toBe(`${TEST_ORIGIN}/integrations?connect=state_mismatch`);
    expect(outcomeOf(await comeBack(world, callbackWith({ code: "x" }), world.person.cookie))).toBe(
      "state_mismatch",
    );
    expect(codeCalls()).toBe(0);
  });

  it("attack 2: another person's browser cannot deliver it, and it is used up", async () => {
    const victim = await signIn(world);
    const callback = await decide(world, await leave(world, world.person));
    expect(outcomeOf(await comeBack(world, callback, victim.cookie))).toBe("state_mismatch");
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("state_mismatch");
    expect(await everybody()).toEqual([]);
    expect(codeCalls()).toBe(0);
  });

  it("attack 2: neither can another session of the same person, nor nobody", async () => {
    const elsewhere = await signIn(world, world.person);
    for (const cookie of [elsewhere.cookie, null]) {
      const callback = await decide(world, await leave(world, world.person));
      expect(outcomeOf(await comeBack(world, callback, cookie))).toBe("state_mismatch");
    }
    expect(codeCalls()).toBe(0);
  });

  it("attack 3: a completed callback cannot be replayed", async () => {
    const callback = await decide(world, await leave(world, world.person));
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("connected");
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("state_mismatch");
    expect(codeCalls()).toBe(1);
    expect(await everybody()).toHaveLength(1);
  });

  it("attack 7: a state of another vendor's flow is refused without a request", async () => {
    const state = randomToken();
    await db()
      .insert(oauthAttempts)
      .values({
        id: newId(new Date()),
        userId: world.person.userId,
        provider: "microsoft",
        stateHash: tokenHash(state),
        sessionHash: world.person.sessionHash,
        mode: "tab",
        returnTo: "/integrations",
        createdAt: new Date(),
        expiresAt: new Date(Date.now() + 600_000),
      });
    const response = await comeBack(world, callbackWith({ code: "x", state }), world.person.cookie);
    expect(outcomeOf(response)).toBe("state_mismatch");
    const microsoft = get("/api/integrations/microsoft/callback?code=x&state=y", world.person.cookie);
    expect((await endConsent(world.runtime, microsoft, "microsoft")).status).toBe(404);
    expect(world.sandbox.ledger.counts().total).toBe(0);
  });

  it("attack 8: a callback that names another issuer is refused without a token request", async () => {
    for (const parameter of [{}, { error: "access_denied" }]) {
      const callback = await decide(world, await leave(world, world.person));
      callback.searchParams.set("iss", "https://evil.test");
      for (const [name, value] of Object.entries(parameter)) callback.searchParams.set(name, value);
      expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("state_mismatch");
    }
    expect(codeCalls()).toBe(0);
  });

  it("attack 9: the vendor's words are neither shown nor stored", async () => {
    const state = (await leave(world, world.person)).searchParams.get("state") ?? "";
    const words = { error: "access_denied", error_description: "<script>alert(1)</script>" };
    const response = await comeBack(world, callbackWith({ ...words, state }), world.person.cookie);
    expect(response.headers.get("location")).toBe(`${TEST_ORIGIN}/integrations?connect=denied`);
    const other = (await leave(world, world.person)).searchParams.get("state") ?? "";
    await comeBack(world, callbackWith({ error: "<script>", state: other }), world.person.cookie);
    const rows = await db().execute(sql`select * from oauth_attempts where error_code like '%<%'`);
    expect(rows).toHaveLength(0);
  });
});

describe("what leaves for the vendor", () => {
  it("attack 5: carries PKCE S256, a state and a nonce of its own, and our exact address", async () => {
    const [first, second] = [await leave(world, world.person), await leave(world, world.person)];
    expect(first.origin).toBe(world.sandboxOrigin);
    expect(first.pathname).toBe("/o/oauth2/v2/auth");
    expect(Object.fromEntries(first.searchParams)).toMatchObject({
      response_type: "code",
      redirect_uri: `${TEST_ORIGIN}/api/integrations/google/callback`,
      code_challenge_method: "S256",
      access_type: "offline",
      prompt: "consent select_account",
      include_granted_scopes: "true",
    });
    expect(first.searchParams.get("code_challenge")).toHaveLength(43);
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(first.searchParams.get(name)).not.toBe(second.searchParams.get(name));
    }
  });

  it("attack 5: what proves the flow is stored as a hash or sealed", async () => {
    const consent = await leave(world, world.person);
    const text = JSON.stringify(await db().select().from(oauthAttempts));
    for (const name of ["state", "nonce"]) expect(text).not.toContain(consent.searchParams.get(name));
  });

  it("attack 6: a wrong verifier is refused by the vendor, and nothing is stored", async () => {
    const [mine, other] = [await leave(world, world.person), await leave(world, world.person)];
    mine.searchParams.set("code_challenge", other.searchParams.get("code_challenge") ?? "");
    const response = await comeBack(world, await decide(world, mine), world.person.cookie);
    expect(outcomeOf(response)).toBe("expired");
    expect(await everybody()).toEqual([]);
  });

  it("attack 12: a code of another flow brings another nonce, which is refused", async () => {
    const consent = await leave(world, world.person);
    consent.searchParams.set("nonce", "of-another-flow");
    expect(outcomeOf(await comeBack(world, await decide(world, consent), world.person.cookie))).toBe(
      "state_mismatch",
    );
    expect(await everybody()).toEqual([]);
  });

  it("attack 15: hostile return paths lead home, and add no header", async () => {
    for (const hostile of ["//evil.test", "/%5Cevil.test", "/%0d%0aSet-Cookie:x=1", "javascript:alert(1)"]) {
      const callback = await decide(
        world,
        await leave(world, world.person, `?returnTo=${encodeURIComponent(hostile)}`),
        {
          tick: "deny",
        },
      );
      const response = await comeBack(world, callback, world.person.cookie);
      expect(response.headers.get("location")).toBe(`${TEST_ORIGIN}/integrations?connect=denied`);
      expect(response.headers.get("set-cookie")).toBeNull();
    }
  });

  it("attack 18: two callbacks at once with one code make one connection", async () => {
    const callback = await decide(world, await leave(world, world.person));
    // The second one arrives while the first still talks to the vendor.
    const exchange = holdCalls(world.sandbox.faults, "oauth.token.code");
    const first = comeBack(world, callback, world.person.cookie);
    await exchange.arrived();
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("state_mismatch");
    exchange.open();
    expect(outcomeOf(await first)).toBe("connected");
    expect(await everybody()).toHaveLength(1);
    expect(codeCalls()).toBe(1);
  });

  it("attack 18: two flows at once for one account make one connection", async () => {
    const callbacks = [await leave(world, world.person), await leave(world, world.person)];
    const back = await Promise.all(callbacks.map((consent) => decide(world, consent)));
    const answers = await Promise.all(back.map((url) => comeBack(world, url, world.person.cookie)));
    expect(answers.map(outcomeOf)).toEqual(["connected", "connected"]);
    expect(await everybody()).toMatchObject([{ generation: 2 }]);
  });

  it("attack 18: two people at once with one account make one connection, and one learns nothing", async () => {
    const rival = await signIn(world);
    const back = [
      { who: world.person, url: await decide(world, await leave(world, world.person)) },
      { who: rival, url: await decide(world, await leave(world, rival)) },
    ];
    const answers = await Promise.all(back.map(({ who, url }) => comeBack(world, url, who.cookie)));
    expect(answers.map(outcomeOf).sort()).toEqual(["already_linked", "connected"]);
    expect(await everybody()).toHaveLength(1);
  });

  it("attack 19: no answer on the way is kept or sent on as a referrer", async () => {
    const request = get("/api/integrations/google/connect", world.person.cookie);
    const start = await startConsent(world.runtime, request, "google");
    const callback = await decide(world, new URL(start.headers.get("location") ?? ""));
    const end = await comeBack(world, callback, world.person.cookie);
    for (const { headers } of [start, end]) {
      expect(headers.get("cache-control")).toContain("no-store");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin-allow-popups");
    }
    expect(end.headers.get("location")).not.toContain(callback.searchParams.get("code"));
  });

  it("sends nobody who is not signed in, and knows no vendor without credentials", async () => {
    const stranger = await startConsent(world.runtime, get("/x", null), "google");
    expect(stranger.headers.get("location")).toMatch(/\/sign-in\?/);
    const absent = await startConsent(world.runtime, get("/x", world.person.cookie), "microsoft");
    expect(absent.status).toBe(404);
    expect(await absent.json()).toMatchObject({ code: "provider_not_configured" });
  });

  it("attack 47: renewing another person's connection answers like one that does not exist", async () => {
    const owner = await signIn(world);
    await connectAs(world, owner);
    const [row] = await everybody();
    const answers = await Promise.all(
      [row?.id, newId(new Date()), "not-an-id"].map(async (id) => {
        const request = get(`/api/integrations/google/connect?integrationId=${id}`, world.person.cookie);
        const response = await startConsent(world.runtime, request, "google");
        return [response.status, await response.text()];
      }),
    );
    expect(answers[0]?.[0]).toBe(404);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

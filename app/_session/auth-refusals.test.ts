import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { users } from "@/db/schema/users";
import { createBrowser } from "@/tests/support/auth-browser";
import { errorAfter, SESSION_COOKIE, signInWorld, somebody } from "@/tests/support/sign-in-world";
import { createTestRuntime, ONE_WINDOW } from "@/tests/support/test-runtime";

const world = signInWorld();

describe("a sign-in that must not succeed", () => {
  const unsigned = (claims: object) =>
    `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;

  it.each([
    ["another audience", { claims: { aud: "another-client" } }],
    ["another issuer", { claims: { iss: "https://evil.test" } }],
    ["an expired token", { claims: { exp: 1_000_000_000 } }],
    ["another flow's nonce", { claims: { nonce: "n".repeat(43) } }],
    ["a stranger's signature", { otherKey: true }],
    ["no signature", { token: unsigned }],
    ["an e-mail the vendor does not vouch for", { claims: { email_verified: false } }],
    ["two addresses in one", { claims: { email: "a@x.test,b@evil.test" } }],
  ])("is refused with %s", async (_what, forgery) => {
    const person = somebody();
    world.issuer.forge(forgery);
    const browser = createBrowser(world.runtime);
    expect(errorAfter(await browser.signIn(world.issuer, person))).toBe("failed");
    expect(browser.jar.has(SESSION_COOKIE)).toBe(false);
    expect(await world.database.db.select().from(users).where(eq(users.subject, person.subject))).toEqual([]);
  });

  it("is refused with another browser's state, before the vendor is asked", async () => {
    const victim = createBrowser(world.runtime);
    await victim.start();
    const attacker = world.issuer.consent(await createBrowser(world.runtime).start(), somebody());
    world.issuer.requests.length = 0;
    expect(errorAfter(await victim.send(attacker.href))).toBe("failed");
    expect(world.issuer.requests).not.toContain("/token");
    expect(victim.jar.has(SESSION_COOKIE)).toBe(false);
  });

  it("is refused without the cookies it began with, and says it expired", async () => {
    const callback = world.issuer.consent(await createBrowser(world.runtime).start(), somebody());
    expect(errorAfter(await createBrowser(world.runtime).send(callback.href))).toBe("expired");
  });

  it("is refused when its callback is played again", async () => {
    const browser = createBrowser(world.runtime);
    const callback = world.issuer.consent(await browser.start(), somebody());
    const early = new Map(browser.jar);
    await browser.send(callback.href);
    const replay = createBrowser(world.runtime, Object.fromEntries(early));
    expect(errorAfter(await replay.send(callback.href))).toBe("expired");
    expect(replay.jar.has(SESSION_COOKIE)).toBe(false);
  });

  it("tells a refusal at the vendor from a vendor that is down", async () => {
    const browser = createBrowser(world.runtime);
    await browser.start();
    const denied = await browser.send(
      "/api/auth/callback/google?error=access_denied&error_description=%3Cscript%3E",
    );
    expect(errorAfter(denied)).toBe("denied");
    expect(denied.headers.get("location")).not.toContain("script");
    world.issuer.forge({ tokenStatus: 503 });
    expect(errorAfter(await createBrowser(world.runtime).signIn(world.issuer, somebody()))).toBe(
      "provider_down",
    );
  });

  it("says the vendor is down when it cannot even begin", async () => {
    const nowhere = createTestRuntime(world.database.url, {
      "https://accounts.google.com": "http://127.0.0.1:9",
    });
    const url = new URL(await createBrowser(nowhere).start("/history"));
    expect(url.pathname + url.search).toBe("/sign-in?error=provider_down&returnTo=%2Fhistory");
    await nowhere.handle.close();
  });

  it("lets in known identities alone while sign-up is by invitation", async () => {
    const closed = { ...world.runtime, env: { ...world.runtime.env, SIGNUP: "invite" as const } };
    const known = somebody();
    await createBrowser(world.runtime).signIn(world.issuer, known);
    const browser = createBrowser(closed);
    await browser.signIn(world.issuer, known);
    expect(browser.jar.has(SESSION_COOKIE)).toBe(true);
    const stranger = somebody();
    expect(errorAfter(await createBrowser(closed).signIn(world.issuer, stranger))).toBe("signup_closed");
    expect(await world.database.db.select().from(users).where(eq(users.subject, stranger.subject))).toEqual(
      [],
    );
  });

  it("is limited per address, and denied when counting is impossible (attack 30)", async () => {
    const strict = {
      ...world.runtime,
      limits: { ...world.runtime.limits, signIn: { limit: 2, windowSeconds: ONE_WINDOW } },
    };
    const browser = createBrowser(strict);
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await browser.post("/api/auth/signin/google")).status);
    expect(statuses.slice(-1)).toEqual([429]);
    const broken = createTestRuntime(world.database.url, world.issuer.origins);
    await broken.handle.close();
    expect((await createBrowser(broken).post("/api/auth/signin/google")).status).toBe(500);
  });
});

import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { users } from "@/db/schema/users";
import { createBrowser } from "@/tests/support/auth-browser";
import { errorAfter, SESSION_COOKIE, sessionOf, signInWorld, somebody } from "@/tests/support/sign-in-world";

const world = signInWorld();

describe("a session", () => {
  it("is not changed by what a client sends as an update (attack 21)", async () => {
    const browser = createBrowser(world.runtime);
    const person = somebody();
    await browser.signIn(world.issuer, person);
    const data = JSON.stringify({ email: "a1@example.test", user: { id: "1", role: "admin", orgId: "B" } });
    await browser.post("/api/auth/session", { data });
    expect(Object.keys((await sessionOf(browser)) as object).sort()).toEqual(["expires", "user"]);
    expect(await sessionOf(browser)).toMatchObject({ user: { email: person.email, name: person.name } });
  });

  it("is not opened by the cookie of an unfinished sign-in (attack 22)", async () => {
    const browser = createBrowser(world.runtime);
    await browser.start();
    for (const name of ["next-auth.state", "next-auth.pkce.code_verifier", "next-auth.nonce"]) {
      const value = browser.jar.get(name) ?? "";
      expect(value).not.toBe("");
      expect(await sessionOf(createBrowser(world.runtime, { [SESSION_COOKIE]: value }))).toEqual({});
    }
  });

  it("ends at sign-out, also for whoever kept the cookie (attack 24)", async () => {
    const browser = createBrowser(world.runtime);
    await browser.signIn(world.issuer, somebody());
    const kept = browser.jar.get(SESSION_COOKIE) ?? "";
    await browser.post("/api/auth/signout", { callbackUrl: "/sign-in" });
    expect(browser.jar.has(SESSION_COOKIE)).toBe(false);
    expect(await sessionOf(createBrowser(world.runtime, { [SESSION_COOKIE]: kept }))).toEqual({});
  });

  it("needs the anti-forgery token to end", async () => {
    const browser = createBrowser(world.runtime);
    await browser.signIn(world.issuer, somebody());
    await browser.send("/api/auth/signout", { json: "true" });
    expect(await sessionOf(browser)).toMatchObject({ user: {} });
  });

  it("of a disabled user is over, and so is their sign-in (attack 25)", async () => {
    const browser = createBrowser(world.runtime);
    const person = somebody();
    await browser.signIn(world.issuer, person);
    await world.database.db
      .update(users)
      .set({ disabledAt: world.runtime.services.clock.now() })
      .where(eq(users.subject, person.subject));
    expect(await sessionOf(browser)).toEqual({});
    expect(errorAfter(await createBrowser(world.runtime).signIn(world.issuer, person))).toBe("disabled");
  });
});

describe("the way back", () => {
  it.each([
    ["https://evil.test", "/integrations"],
    ["http://%", "/integrations"],
    ["//evil.test", "/integrations"],
    ["/\\evil.test", "/integrations"],
    ["javascript:alert(1)", "/integrations"],
    ["/%0d%0aSet-Cookie:x=1", "/integrations"],
    ["/history?status=failed", "/history?status=failed"],
    ["http://localhost:3000/calendar", "/calendar"],
  ])("from a sign-in with callbackUrl %s is %s (attack 28)", async (given, path) => {
    const browser = createBrowser(world.runtime);
    const callback = world.issuer.consent(await browser.start(given), somebody());
    const response = await browser.send(callback.href);
    expect(response.headers.get("location")).toBe(`http://localhost:3000${path}`);
  });

  it("survives a broken callback cookie and a callbackUrl on the callback itself (attack 28)", async () => {
    for (const bad of ["http://%", "https://evil.test"]) {
      const browser = createBrowser(world.runtime);
      const callback = world.issuer.consent(await browser.start(), somebody());
      browser.jar.set("next-auth.callback-url", bad);
      callback.searchParams.set("callbackUrl", bad);
      const response = await browser.send(callback.href);
      expect(new URL(response.headers.get("location") ?? "").origin).toBe("http://localhost:3000");
    }
  });
});

it("answers 404 to addresses and vendors it does not have", async () => {
  const browser = createBrowser(world.runtime);
  for (const path of [
    "/api/auth/_log",
    "/api/auth/verify-request",
    "/api/auth/callback/microsoft",
    "/api/auth",
  ]) {
    expect((await browser.send(path)).status).toBe(404);
  }
  expect((await browser.post("/api/auth/signin/microsoft")).status).toBe(404);
  expect((await browser.post("/api/auth/_log", { level: "error" })).status).toBe(404);
});

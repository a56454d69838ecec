import { Socket } from "node:net";
import { eq } from "drizzle-orm";
import { describe, expect, it, vi } from "vitest";
import { sessions, users } from "@/db/schema/users";
import { auditLog } from "@/db/schema/work";
import { tokenHash } from "@/lib/platform/crypto";
import { createBrowser } from "@/tests/support/auth-browser";
import { startScriptedIssuer } from "@/tests/support/scripted-issuer";
import { errorAfter, SESSION_COOKIE, sessionOf, signInWorld, somebody } from "@/tests/support/sign-in-world";
import { createTestRuntime } from "@/tests/support/test-runtime";

const world = signInWorld();

describe("a sign-in", () => {
  it("asks for identity alone, with PKCE, state and nonce, at the mapped consent page", async () => {
    const [first, second] = await Promise.all([
      createBrowser(world.runtime).start(),
      createBrowser(world.runtime).start(),
    ]);
    const asked = new URL(first);
    expect(asked.origin + asked.pathname).toBe(`${world.issuer.origin}/o/oauth2/v2/auth`);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      scope: "openid email profile",
      response_type: "code",
      code_challenge_method: "S256",
      redirect_uri: "http://localhost:3000/api/auth/callback/google",
    });
    expect(asked.searchParams.get("code_challenge")).toHaveLength(43);
    for (const name of ["state", "nonce", "code_challenge"]) {
      const value = asked.searchParams.get(name);
      expect(value?.length).toBeGreaterThan(30);
      expect(new URL(second).searchParams.get(name)).not.toBe(value);
    }
  });

  it("cannot be made to ask for more by its address", async () => {
    const response = await createBrowser(world.runtime).post(
      "/api/auth/signin/google?scope=calendar&prompt=none",
    );
    const { url } = (await response.json()) as { url: string };
    expect(new URL(url).searchParams.get("scope")).toBe("openid email profile");
  });

  it("creates the user, their organization with them as admin, and an audit row; the next one creates nothing", async () => {
    const person = somebody();
    const browser = createBrowser(world.runtime, { tz: "Asia/Kathmandu", locale: "fr" });
    const response = await browser.signIn(world.issuer, person);
    expect(response.headers.get("location")).toBe("http://localhost:3000/integrations");
    expect(response.headers.get("cache-control")).toContain("no-store");
    const [user] = await world.database.db.select().from(users).where(eq(users.subject, person.subject));
    expect(user).toMatchObject({
      issuer: "https://accounts.google.com",
      email: person.email,
      name: person.name,
      timeZone: "Asia/Kathmandu",
      locale: "fr",
    });
    const members = await world.database.db.query.memberships.findMany({
      where: (member, { eq: is }) => is(member.userId, user?.id ?? ""),
    });
    expect(members).toMatchObject([{ role: "admin" }]);
    const audit = () =>
      world.database.db
        .select()
        .from(auditLog)
        .where(eq(auditLog.userId, user?.id ?? ""));
    expect(await audit()).toMatchObject([
      { action: "user.created", actor: { type: "user", userId: user?.id } },
    ]);

    await createBrowser(world.runtime).signIn(world.issuer, { ...person, email: "moved@example.test" });
    const again = await world.database.db.select().from(users).where(eq(users.subject, person.subject));
    expect(again).toMatchObject([{ id: user?.id, email: "moved@example.test" }]);
    expect(await audit()).toHaveLength(1);
  });

  it("gives people of one name, and of one e-mail, users and handles of their own", async () => {
    const person = somebody("Marie Curie");
    await createBrowser(world.runtime).signIn(world.issuer, person);
    await createBrowser(world.runtime).signIn(world.issuer, {
      ...person,
      subject: `${person.subject}-other`,
    });
    const rows = await world.database.db.select().from(users).where(eq(users.email, person.email));
    expect(rows.map((row) => row.handle).sort()).toEqual(["marie-curie", "marie-curie-2"]);
  });

  it("makes one user of two first sign-ins at once", async () => {
    const person = somebody();
    await Promise.all([1, 2, 3].map(() => createBrowser(world.runtime).signIn(world.issuer, person)));
    expect(
      await world.database.db.select().from(users).where(eq(users.subject, person.subject)),
    ).toHaveLength(1);
  });

  it("stores the session's hash, never its token, in a cookie scripts cannot read (attack 23)", async () => {
    const browser = createBrowser(world.runtime);
    await browser.signIn(world.issuer, somebody());
    const line = browser.lastSetCookies.find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`)) ?? "";
    expect(line).toMatch(/HttpOnly/i);
    expect(line).toMatch(/SameSite=Lax/i);
    const token = browser.jar.get(SESSION_COOKIE) ?? "";
    expect(token.length).toBe(43);
    const rows = await world.database.db.select().from(sessions);
    expect(rows.some((row) => row.tokenHash === tokenHash(token))).toBe(true);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it("marks its cookies Secure and prefixes them over https (attack 23)", async () => {
    const https = {
      ...world.runtime,
      env: { ...world.runtime.env, appOrigin: "https://entente.example.test" },
    };
    const browser = createBrowser(https);
    await browser.signIn(world.issuer, somebody());
    const names = [...browser.jar.keys()];
    expect(names).toContain(`__Secure-${SESSION_COOKIE}`);
    expect(names).toContain("__Host-next-auth.csrf-token");
    expect(browser.lastSetCookies.every((cookie) => /; Secure/i.test(cookie))).toBe(true);
  });

  it("replaces the session of whoever was signed in here and links nothing to them", async () => {
    const browser = createBrowser(world.runtime);
    const [ada, bob] = [somebody("Ada"), somebody("Bob")];
    await browser.signIn(world.issuer, ada);
    const before = browser.jar.get(SESSION_COOKIE) ?? "";
    await browser.signIn(world.issuer, bob);
    expect(await sessionOf(browser)).toMatchObject({ user: { email: bob.email } });
    expect(await world.database.db.select().from(users).where(eq(users.subject, bob.subject))).toMatchObject([
      { email: bob.email },
    ]);
    expect(browser.jar.get(SESSION_COOKIE)).not.toBe(before);
    const left = await world.database.db
      .select()
      .from(sessions)
      .where(eq(sessions.tokenHash, tokenHash(before)));
    expect(left).toEqual([]);
  });

  it("asks the vendor's userinfo for what the id token leaves out, of the same subject only", async () => {
    const { name: _name, ...nameless } = somebody();
    const browser = createBrowser(world.runtime);
    world.issuer.forge({ userinfo: { sub: nameless.subject, name: "Grace Hopper", email: nameless.email } });
    await browser.signIn(world.issuer, nameless);
    expect(await sessionOf(browser)).toMatchObject({ user: { name: "Grace Hopper" } });
    world.issuer.forge({ userinfo: { sub: "somebody-else", name: "Eve", email: nameless.email } });
    const { name: _other, ...next } = somebody();
    expect(errorAfter(await createBrowser(world.runtime).signIn(world.issuer, next))).toBe("failed");
  });

  it("is led by the configured address whatever the request says its host is (attack 29)", async () => {
    const response = await createBrowser(world.runtime).post("http://evil.test/api/auth/signin/google");
    const { url } = (await response.json()) as { url: string };
    expect(new URL(url).searchParams.get("redirect_uri")).toBe(
      "http://localhost:3000/api/auth/callback/google",
    );
    expect(response.headers.getSetCookie().join()).not.toContain("evil");
  });

  it("opens no socket but to where the vendor is mapped, and to the database", async () => {
    const issuer = await startScriptedIssuer();
    const fresh = createTestRuntime(world.database.url, issuer.origins);
    const connect = vi.spyOn(Socket.prototype, "connect");
    const browser = createBrowser(fresh);
    await browser.signIn(issuer, somebody());
    const reached = connect.mock.calls.map(([to, host]) => JSON.stringify([to, host]));
    connect.mockRestore();
    await Promise.all([fresh.handle.close(), issuer.stop()]);
    expect(browser.jar.has(SESSION_COOKIE)).toBe(true);
    const allowed = [new URL(issuer.origin).port, new URL(world.database.url).port];
    expect(reached.length).toBeGreaterThan(0);
    expect(reached.filter((place) => !allowed.some((port) => place.includes(port)))).toEqual([]);
    expect(reached.some((place) => place.includes(allowed[0] ?? ""))).toBe(true);
  });
});

import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { connectAccount, readAttempt } from "@/app/api/v1/_operations/connecting";
import { oauthAttempts } from "@/db/schema/connections";
import { integrationPolicies } from "@/db/schema/users";
import { openAttemptLink } from "@/lib/connections/attempt-link";
import { apiWorld, expectProblem, json } from "./api-world";

const world = apiWorld();

interface Begun {
  attemptId: string;
  authorizationUrl: string;
  expiresAt: string;
}

const connect = (key: string, body?: unknown, headers = {}) =>
  world.call("POST", "/integrations/google/connect", { key, body, headers });
const attempt = (key: string, id: string) => world.call("GET", `/connect-attempts/${id}`, { key });
const tokenOf = ({ authorizationUrl }: Begun) => authorizationUrl.split("/").at(-1) ?? "";

describe("POST /integrations/{provider}/connect", () => {
  it("answers a single-use address of ours, good for ten minutes, and asks nobody yet", async () => {
    const person = await world.caller();
    const sent = world.google.sent.length;
    const begun = await json<Begun>(await connect(person.key));
    expect(connectAccount.answer?.safeParse(begun).error).toBeUndefined();
    expect(begun.authorizationUrl).toMatch(/^http:\/\/localhost:3000\/api\/integrations\//);
    const left = Date.parse(begun.expiresAt) - world.services.clock.now().getTime();
    expect(left).toBeGreaterThan(9 * 60_000);
    expect(left).toBeLessThanOrEqual(10 * 60_000);
    expect(world.google.sent.length).toBe(sent);
    const [row] = await world.database.db
      .select()
      .from(oauthAttempts)
      .where(eq(oauthAttempts.id, begun.attemptId));
    expect(row).toMatchObject({ stateHash: null, secrets: null });
    expect(row?.linkHash).not.toContain(tokenOf(begun));
  });

  it("is for the same person alone: another's visit is 403 and ends the attempt", async () => {
    const [person, stranger] = [await world.caller(), await world.caller()];
    const begun = await json<Begun>(await connect(person.key));
    expect(await openAttemptLink(person.ctx(), tokenOf(begun))).toMatchObject({
      attemptId: begun.attemptId,
    });
    await expect(openAttemptLink(stranger.ctx(), tokenOf(begun))).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await json(await attempt(person.key, begun.attemptId))).toMatchObject({
      status: "finished",
      outcome: "state_mismatch",
    });
  });

  it("tells a vendor without credentials from one that does not exist", async () => {
    const { key } = await world.caller();
    const microsoft = await world.call("POST", "/integrations/microsoft/connect", { key });
    await expectProblem(microsoft, 404, "provider_not_configured");
    for (const vendor of ["apple", "Google", "google%20", "__proto__", "constructor"]) {
      await expectProblem(
        await world.call("POST", `/integrations/${vendor}/connect`, { key }),
        404,
        "not_found",
      );
    }
  });

  it("is refused where the organization forbids the vendor (attack 17)", async () => {
    const person = await world.caller();
    const { organizationId } = person;
    await world.database.db
      .insert(integrationPolicies)
      .values({ organizationId, provider: "google", allowed: false });
    await expectProblem(await connect(person.key), 403, "blocked_by_policy");
  });

  it("renews only the caller's own connections of that vendor (attack 47)", async () => {
    const [person, stranger] = [await world.caller(), await world.caller()];
    const own = await world.connect(person);
    const foreign = await world.connect(stranger);
    await json(await connect(person.key, { integrationId: own.id }));
    await expectProblem(await connect(person.key, { integrationId: foreign.id }), 404, "not_found");
    await expectProblem(await connect(person.key, { integrationId: "x" }), 400, "invalid_input");
  });

  it.each([
    "https://evil.test",
    "//evil.test",
    "/\\evil.test",
    "javascript:alert(1)",
    "/%0d%0aSet-Cookie:x=1",
  ])("leads back to a path of ours when returnTo is %s (attack 15)", async (returnTo) => {
    const { key } = await world.caller();
    const { attemptId } = await json<Begun>(await connect(key, { returnTo }));
    const [row] = await world.database.db
      .select({ returnTo: oauthAttempts.returnTo })
      .from(oauthAttempts)
      .where(eq(oauthAttempts.id, attemptId));
    expect(row?.returnTo).toMatch(/^\/[a-z]*$/);
  });

  it("under one Idempotency-Key makes one attempt", async () => {
    const { key } = await world.caller();
    const headers = { "idempotency-key": "connect-1" };
    const first = await json(await connect(key, {}, headers));
    expect(await json(await connect(key, {}, headers))).toEqual(first);
    const other = await connect(key, { returnTo: "/calendar" }, headers);
    await expectProblem(other, 422, "idempotency_key_reused");
  });
});

describe("GET /connect-attempts/{id}", () => {
  it("answers pending, then expired, with no secret", async () => {
    const { key } = await world.caller();
    const { attemptId } = await json<Begun>(await connect(key));
    const pending = await json(await attempt(key, attemptId));
    expect(pending).toEqual({ status: "pending", outcome: null, integrationId: null });
    await world.database.db
      .update(oauthAttempts)
      .set({ expiresAt: world.services.clock.now() })
      .where(eq(oauthAttempts.id, attemptId));
    const expired = await json(await attempt(key, attemptId));
    expect(expired).toEqual({ status: "finished", outcome: "expired", integrationId: null });
    expect(readAttempt.answer?.safeParse(expired).error).toBeUndefined();
  });

  it("answers expired for a callback that began and never ended, once it cannot be under way", async () => {
    const { key } = await world.caller();
    const { attemptId } = await json<Begun>(await connect(key));
    const since = (minutes: number) => new Date(world.services.clock.now().getTime() - minutes * 60_000);
    const taken = (minutes: number) =>
      world.database.db
        .update(oauthAttempts)
        .set({ consumedAt: since(minutes), expiresAt: since(minutes) })
        .where(eq(oauthAttempts.id, attemptId));
    await taken(1);
    expect(await json(await attempt(key, attemptId))).toMatchObject({ status: "pending" });
    await taken(11);
    expect(await json(await attempt(key, attemptId))).toMatchObject({ outcome: "expired" });
  });
});

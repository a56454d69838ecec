import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PARIS } from "@/tests/support/factories";
import { type GoogleBench, openGoogle } from "@/tests/support/google";
import { readGoogleMessage } from "./channel-message";

let google: GoogleBench;
let account: ReturnType<GoogleBench["account"]>;
beforeAll(async () => {
  google = await openGoogle();
  account = google.account("watched@example.test");
});
afterAll(() => google?.[Symbol.asyncDispose]());

const create = (id: string, overrides: { address?: string; calendar?: string; secret?: string } = {}) => {
  const {
    address = "http://127.0.0.1:9/api/webhooks/google",
    calendar = account.email,
    secret = "s",
  } = overrides;
  const request = { id, secret, address, lifetimeMs: 86_400_000 };
  return google.provider.watches.create(account, { externalId: calendar, timeZone: PARIS }, request);
};

describe("a channel at Google", () => {
  it("is granted for as long as Google says, by its own id", async () => {
    const granted = await create("channel-1");
    expect(granted).toMatchObject({ externalId: "channel-1", resourceId: expect.any(String) });
    const life = (granted.expiresAt?.getTime() ?? 0) - google.sandbox.clock.now().getTime();
    expect(Math.abs(life - 86_400_000)).toBeLessThan(60_000);
  });

  it("with an id that was used before is a duplicate", async () => {
    await expect(create("channel-1")).rejects.toMatchObject({ kind: "duplicate" });
  });

  it("to an address without https is the operator's fault", async () => {
    await expect(create("channel-2", { address: "http://example.test/x" })).rejects.toMatchObject({
      kind: "misconfigured",
    });
  });

  it("of a calendar that is not there is not found", async () => {
    await expect(create("channel-3", { calendar: "nobody@example.test" })).rejects.toMatchObject({
      kind: "not_found",
    });
  });

  it("is stopped once, twice, and when Google never knew it", async () => {
    const { resourceId } = await create("channel-4");
    const stop = (externalId: string, resource = resourceId ?? "") =>
      google.provider.watches.stop(account, { externalId, resourceId: resource });
    await stop("channel-4");
    await stop("channel-4");
    await stop("never-made");
    await stop("channel-4", "another-resource");
  });
});

describe("a message of Google's", () => {
  const headers = (changes: Record<string, string | null> = {}) => {
    const all = new Headers({
      "x-goog-channel-id": "c",
      "x-goog-channel-token": "t",
      "x-goog-channel-expiration": "Tue, 01 Dec 2026 09:00:00 GMT",
      "x-goog-resource-id": "r",
      "x-goog-resource-state": "exists",
      "x-goog-message-number": "12",
    });
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) all.delete(name);
      else all.set(name, value);
    }
    return all;
  };

  it("is read from its headers", () => {
    expect(readGoogleMessage(headers())).toEqual({
      watchId: "c",
      secret: "t",
      resourceId: "r",
      state: "changed",
      number: 12,
      expiresAt: new Date("2026-12-01T09:00:00.000Z"),
    });
  });

  it.each([
    ["sync", "hello"],
    ["exists", "changed"],
    ["not_exists", "gone"],
    ["something new", "changed"],
  ])("in state %s is a %s", (state, meaning) => {
    expect(readGoogleMessage(headers({ "x-goog-resource-state": state }))?.state).toBe(meaning);
  });

  it.each<Record<string, string | null>>([
    { "x-goog-channel-id": null },
    { "x-goog-resource-state": null },
    { "x-goog-message-number": "12a" },
    { "x-goog-message-number": "9".repeat(40) },
    { "x-goog-channel-token": "t".repeat(1_000) },
  ])("with %j is none", (changes) => {
    expect(readGoogleMessage(headers(changes))).toBeNull();
  });
});

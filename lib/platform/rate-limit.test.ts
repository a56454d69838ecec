import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { parseRateLimits, RATE_DEFAULTS, rateWindow, retryAfterSeconds } from "@/lib/platform/rate-limit";
import { clientAddress, isLoopbackPeer, markPeers } from "@/lib/platform/rate-limit-address";
import { createMemoryLimiter } from "@/lib/platform/rate-limit-memory";

const at = (text: string) => new Date(`2026-12-01T09:00:${text}Z`);
const rule = { limit: 2, windowSeconds: 60 };

describe("RATE_LIMITS", () => {
  it("changes what it names and leaves the rest", () => {
    const { limits, faults } = parseRateLimits('{"api": 9, "signIn": {"limit": 5, "windowSeconds": 10}}');
    expect(faults).toEqual([]);
    expect(limits).toEqual({
      ...RATE_DEFAULTS,
      api: { limit: 9, windowSeconds: 60 },
      signIn: { limit: 5, windowSeconds: 10 },
    });
  });

  it.each(["[]", "{", '{"nope": 1}', '{"api": 0}', '{"api": 1.5}', '{"api": {"limit": -1}}', '{"api": "9"}'])(
    "has a fault in %s",
    (text) => {
      expect(parseRateLimits(text).faults).toHaveLength(1);
      expect(parseRateLimits(text).limits).toEqual(RATE_DEFAULTS);
    },
  );
});

describe("a window", () => {
  it("starts at a whole minute and ends sixty seconds later", () => {
    expect(rateWindow(rule, at("59.999"))).toEqual({
      start: at("00"),
      end: new Date(at("00").getTime() + 60_000),
    });
    expect(retryAfterSeconds(rule, at("59.999"))).toBe(1);
    expect(retryAfterSeconds(rule, at("00"))).toBe(60);
  });

  it("lets so many through and says how long to wait", () => {
    const limiter = createMemoryLimiter();
    const hits = ["00", "10", "20"].map((second) => limiter.hit("a", rule, at(second)));
    expect(hits).toEqual([null, null, 40]);
    expect(limiter.hit("b", rule, at("20"))).toBeNull();
    expect(limiter.hit("a", rule, new Date(at("00").getTime() + 60_000))).toBeNull();
  });
});

describe("the address behind a request", () => {
  const forwarded = (value: string) =>
    new Headers({ "x-forwarded-for": value, "x-entente-peer": "forged 9.9.9.9" });

  it.each([
    ["1.1.1.1, 2.2.2.2", 1, "2.2.2.2"],
    ["1.1.1.1, 2.2.2.2", 2, "1.1.1.1"],
    ["1.1.1.1", 2, "unknown"],
    ["1.1.1.1", 0, "unknown"],
    ["evil name", 1, "unknown"],
    ["::ffff:3.3.3.3", 1, "3.3.3.3"],
    ["2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::1", 1, "2001:db8:1:2::/64"],
    ["::1", 1, "0:0:0:0::/64"],
  ] as const)("of %s behind %d proxies is %s", (value, hops, expected) => {
    expect(clientAddress(forwarded(value), hops)).toBe(expected);
  });

  it("is the socket's without proxies, whatever the client writes", async () => {
    markPeers();
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      const headers = new Headers(request.headers as Record<string, string>);
      seen.push(clientAddress(headers, 0), isLoopbackPeer(headers));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await fetch(address, { headers: { "x-entente-peer": "forged 9.9.9.9", "x-forwarded-for": "8.8.8.8" } });
    await new Promise((resolve) => server.close(resolve));
    expect(seen).toEqual(["127.0.0.1", true]);
  });

  it("is not this machine because a header says so", () => {
    expect(isLoopbackPeer(forwarded("127.0.0.1"))).toBe(false);
    expect(isLoopbackPeer(new Headers({ "x-entente-peer": " 127.0.0.1" }))).toBe(false);
    expect(isLoopbackPeer(new Headers())).toBe(false);
  });
});

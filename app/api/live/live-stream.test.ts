import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { liveStream } from "@/app/api/live/live-stream";
import { createLiveHub } from "@/inngest/live-hub";

const PING = "event: ping\ndata:\n\n";
const USER = "0198c0de-0000-7000-8000-000000000001";
const change = (userId = USER) => JSON.stringify({ userId, topics: ["calendar"] });

function open(options: { pingMs?: number; stillSignedIn?: () => Promise<boolean> } = {}) {
  const hub = createLiveHub();
  const leaving = new AbortController();
  const stream = liveStream({
    hub,
    userId: USER,
    signal: leaving.signal,
    stillSignedIn: async () => true,
    ...options,
  });
  const reader = stream.getReader();
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  return { hub, leaving, reader, next };
}

describe("a page's live stream", () => {
  it("tells what changed for its person, and of a lost connection", async () => {
    const { hub, next } = open();
    expect(await next()).toBe(`retry: 2000\n${PING}`);
    hub.deliver(change("0198c0de-0000-7000-8000-000000000002"));
    hub.deliver(change());
    hub.refreshAll();
    expect(await next()).toBe('data: {"type":"changed","topics":["calendar"]}\n\n');
    expect(await next()).toBe('data: {"type":"refresh"}\n\n');
  });

  it("pings, and ends when its session has", async () => {
    let signedIn = true;
    const { hub, reader, next } = open({ pingMs: 10, stillSignedIn: async () => signedIn });
    await next();
    expect(await next()).toBe(PING);
    signedIn = false;
    let last = await reader.read();
    while (!last.done) last = await reader.read();
    expect(hub.size()).toBe(0);
  });

  it("stays while nobody can say whether its session has ended", async () => {
    const down = () => Promise.reject(new Error("no database"));
    const { next } = open({ pingMs: 10, stillSignedIn: down });
    await next();
    expect(await next()).toBe(PING);
  });

  it("leaves nothing behind, whoever ends it", async () => {
    const byBrowser = open({ pingMs: 5 });
    byBrowser.leaving.abort();
    const byReader = open({ pingMs: 5 });
    await byReader.reader.cancel();
    const atShutdown = open({ pingMs: 5 });
    await atShutdown.next();
    atShutdown.hub.closeAll();
    expect((await atShutdown.reader.read()).done).toBe(true);
    await sleep(30);
    for (const { hub } of [byBrowser, byReader, atShutdown]) {
      hub.deliver(change());
      expect(hub.size()).toBe(0);
    }
  });

  it("of a page that left before it began holds nothing", async () => {
    const hub = createLiveHub();
    const stream = liveStream({
      hub,
      userId: USER,
      signal: AbortSignal.abort(),
      stillSignedIn: async () => true,
    });
    expect(hub.size()).toBe(0);
    await stream.cancel();
  });
});

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openLiveChannel } from "@/app/_components/live/live-channel";
import { SILENCE_MS } from "@/app/_components/live/silence";

/** The line between the tabs of one browser, without its delay. */
class ScriptedChannel {
  static tabs: ScriptedChannel[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    ScriptedChannel.tabs.push(this);
  }
  postMessage = () => undefined;
  close = () => undefined;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("document", { readyState: "complete" });
  // Another tab holds the lock for good.
  vi.stubGlobal("navigator", { onLine: true, locks: { request: () => new Promise(() => undefined) } });
  vi.stubGlobal("BroadcastChannel", ScriptedChannel);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("A tab that another one listens for does not stay live when that one is put to sleep", () => {
  const told: string[] = [];
  const stop = openLiveChannel((signal) => told.push(signal.kind === "state" ? signal.state : signal.kind));
  const fromLeader = () => ScriptedChannel.tabs[0]?.onmessage?.({ data: { kind: "state", state: "live" } });
  for (let pings = 0; pings < 3; pings += 1) {
    fromLeader();
    vi.advanceTimersByTime(15_000);
  }
  expect(told.splice(0)).toEqual(["live", "live", "live"]);
  vi.advanceTimersByTime(SILENCE_MS);
  expect(told.splice(0)).toEqual(["polling", "changed"]);
  fromLeader();
  expect(told.splice(0)).toEqual(["live"]);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

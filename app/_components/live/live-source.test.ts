import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveSignal } from "@/app/_components/live/live-signal";
import { listen } from "@/app/_components/live/live-source";
import { SILENCE_MS } from "@/app/_components/live/silence";

const PING_MS = 15_000;

/** A browser's stream in the hands of a test. */
class ScriptedSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly CLOSED = 2;
  static opened: ScriptedSource[] = [];
  onmessage: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = ScriptedSource.CONNECTING;

  constructor() {
    super();
    ScriptedSource.opened.push(this);
  }

  ping() {
    this.dispatchEvent(new Event("ping"));
  }

  fail(readyState: number) {
    this.readyState = readyState;
    this.onerror?.();
  }

  close() {
    this.readyState = ScriptedSource.CLOSED;
  }
}

function start() {
  const told: string[] = [];
  const tell = (signal: LiveSignal) => told.push(signal.kind === "state" ? signal.state : signal.kind);
  const leaving = new AbortController();
  const ended = listen(tell, leaving.signal);
  const newest = () => ScriptedSource.opened.at(-1) as ScriptedSource;
  return { newest, leaving, ended, heard: () => told.splice(0) };
}

describe("listening to the server", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("window", globalThis);
    vi.stubGlobal("navigator", { onLine: true });
    vi.stubGlobal("EventSource", ScriptedSource);
    ScriptedSource.opened = [];
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is live with the first word, and stays so for as long as pings come", () => {
    const { newest, heard } = start();
    expect(heard()).toEqual([]);
    newest().ping();
    expect(heard()).toEqual(["live", "changed"]);
    for (let pings = 0; pings < 8; pings += 1) {
      vi.advanceTimersByTime(PING_MS);
      newest().ping();
    }
    expect(new Set(heard())).toEqual(new Set(["live"]));
    newest().onmessage?.();
    expect(heard()).toEqual(["live", "changed"]);
    expect(ScriptedSource.opened).toHaveLength(1);
  });

  it("takes silence for a lost connection: reads the page, opens anew, and is live again with the next word", () => {
    const { newest, heard } = start();
    newest().ping();
    heard();
    const halfOpen = newest();
    vi.advanceTimersByTime(SILENCE_MS - 1);
    expect(heard()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard()).toEqual(["polling", "changed"]);
    expect(halfOpen.readyState).toBe(ScriptedSource.CLOSED);
    expect(ScriptedSource.opened).toHaveLength(2);
    newest().ping();
    expect(heard()).toEqual(["live", "changed"]);
  });

  it("of a proxy that holds everything back is never live, and does not read the page for it", () => {
    const { heard } = start();
    vi.advanceTimersByTime(3 * SILENCE_MS);
    expect(heard()).toEqual(["polling", "polling", "polling"]);
    expect(ScriptedSource.opened).toHaveLength(4);
    expect(ScriptedSource.opened.slice(0, -1).every(({ readyState }) => readyState === 2)).toBe(true);
  });

  it("waits for the browser's own next try, but not for ever", () => {
    const { newest, heard } = start();
    newest().ping();
    heard();
    newest().fail(ScriptedSource.CONNECTING);
    expect(heard()).toEqual(["connecting"]);
    vi.advanceTimersByTime(SILENCE_MS);
    expect(heard()).toEqual(["polling"]);
    expect(ScriptedSource.opened).toHaveLength(2);
  });

  it("opens once more some time after an error answer", () => {
    const { newest, heard } = start();
    newest().fail(ScriptedSource.CLOSED);
    expect(heard()).toEqual(["polling"]);
    vi.advanceTimersByTime(SILENCE_MS - 1);
    expect(ScriptedSource.opened).toHaveLength(2);
  });

  it("says that the browser is offline where it knows", () => {
    vi.stubGlobal("navigator", { onLine: false });
    const { newest, heard } = start();
    newest().fail(ScriptedSource.CONNECTING);
    expect(heard()).toEqual(["offline"]);
  });

  it("leaves no stream and no clock behind", async () => {
    const { newest, leaving, ended } = start();
    newest().ping();
    leaving.abort();
    await ended;
    expect(newest().readyState).toBe(ScriptedSource.CLOSED);
    expect(vi.getTimerCount()).toBe(0);
  });
});

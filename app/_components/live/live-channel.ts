export type LiveState = "live" | "connecting" | "polling" | "offline";
export type LiveSignal = { kind: "changed" } | { kind: "state"; state: LiveState };

/** `asking`: a tab that was opened later than the stream wants to know how it stands. */
type Message = LiveSignal | { kind: "asking" };

const LOCK = "entente-live";
const CHANNEL = "entente-live";
const SETTLE_MS = 1_000;
const REOPEN_MS = 15_000;
const ADDRESS = "/api/live";

/**
 * One stream per browser: the tab that holds the lock listens and tells the others. Answers how to stop. Tabs
 * that hear nothing still poll; see `LiveUpdates`.
 */
export function openLiveChannel(onSignal: (signal: LiveSignal) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  const stop = new AbortController();
  const send = (message: Message) => channel.postMessage(message);
  let told: LiveSignal | null = null;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind !== "asking") onSignal(data);
    else if (told !== null) send(told);
  };
  const tell = (signal: LiveSignal) => {
    if (signal.kind === "state") told = signal;
    onSignal(signal);
    send(signal);
  };
  send({ kind: "asking" });
  void lead(tell, stop.signal);
  return () => {
    stop.abort();
    channel.close();
  };
}

async function lead(tell: (signal: LiveSignal) => void, signal: AbortSignal): Promise<void> {
  await loadedAndQuiet();
  if (signal.aborted) return;
  const listenUntilStopped = () => listen(tell, signal);
  // Without locks (an insecure origin) each tab listens for itself.
  if (navigator.locks === undefined) return listenUntilStopped();
  try {
    await navigator.locks.request(LOCK, { signal }, listenUntilStopped);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The stream is the last thing a page asks for, so that whoever waits for a loaded page is not kept waiting. */
async function loadedAndQuiet(): Promise<void> {
  if (document.readyState !== "complete") {
    await new Promise((resolve) => window.addEventListener("load", resolve, { once: true }));
  }
  await new Promise((resolve) => window.setTimeout(resolve, SETTLE_MS));
}

function listen(tell: (signal: LiveSignal) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let again: number | undefined;
    let source = open();

    function open(): EventSource {
      const opened = new EventSource(ADDRESS);
      opened.onopen = () => {
        tell({ kind: "state", state: "live" });
        tell({ kind: "changed" });
      };
      opened.onmessage = () => tell({ kind: "changed" });
      opened.onerror = () => {
        const connecting = opened.readyState === EventSource.CONNECTING;
        const state = navigator.onLine ? "polling" : "offline";
        tell({ kind: "state", state: connecting ? "connecting" : state });
        // After an error answer, e.g. of a proxy during a restart, the browser itself gives up for good.
        if (!connecting) again = window.setTimeout(() => (source = open()), REOPEN_MS);
      };
      return opened;
    }

    const stop = () => {
      window.clearTimeout(again);
      source.close();
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}

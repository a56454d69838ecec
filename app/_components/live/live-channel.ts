import { CHANGED, type LiveSignal, stateWithout, type Tell } from "@/app/_components/live/live-signal";
import { listen } from "@/app/_components/live/live-source";
import { watchSilence } from "@/app/_components/live/silence";

/** `asking`: a tab that was opened later than the stream wants to know how it stands. */
type Message = LiveSignal | { kind: "asking" };

const LOCK = "entente-live";
const CHANNEL = "entente-live";
const SETTLE_MS = 1_000;

/**
 * One stream per browser: the tab that holds the lock listens and tells the others, also that it still hears. Answers
 * how to stop. Tabs that hear nothing poll, e.g. while a phone has put the listening one to sleep; see `LiveUpdates`.
 */
export function openLiveChannel(onSignal: Tell): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  const stop = new AbortController();
  const send = (message: Message) => channel.postMessage(message);
  const silence = watchSilence(() => {
    onSignal(stateWithout());
    onSignal(CHANGED);
  });
  let told: LiveSignal | null = null;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind !== "asking") {
      silence.heard();
      onSignal(data);
    } else if (told !== null) send(told);
  };
  const tell = (signal: LiveSignal) => {
    silence.stop();
    if (signal.kind === "state") told = signal;
    onSignal(signal);
    send(signal);
  };
  send({ kind: "asking" });
  void lead(tell, stop.signal);
  return () => {
    stop.abort();
    silence.stop();
    channel.close();
  };
}

async function lead(tell: Tell, signal: AbortSignal): Promise<void> {
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

import { CHANGED, stateIs, stateWithout, type Tell } from "@/app/_components/live/live-signal";
import { watchSilence } from "@/app/_components/live/silence";

const REOPEN_MS = 15_000;
const ADDRESS = "/api/live";

/**
 * Listens to the server until `signal` aborts. Live is what was heard of, not what was opened: a proxy may hold
 * everything back, and of a connection that broke in the middle nobody tells.
 */
export function listen(tell: Tell, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let again: number | undefined;
    let isLive = false;
    const silence = watchSilence(giveUp);
    let source = open();

    function open(): EventSource {
      const opened = new EventSource(ADDRESS);
      opened.addEventListener("ping", heard);
      opened.onmessage = () => {
        heard();
        tell(CHANGED);
      };
      opened.onerror = () => failed(opened.readyState === EventSource.CONNECTING);
      silence.heard();
      return opened;
    }

    /** Told each time, so that other tabs know that this one still listens. */
    function heard(): void {
      silence.heard();
      tell(stateIs("live"));
      if (!isLive) tell(CHANGED);
      isLive = true;
    }

    function failed(connecting: boolean): void {
      isLive = false;
      tell(connecting && navigator.onLine ? stateIs("connecting") : stateWithout());
      if (connecting) {
        silence.heard();
        return;
      }
      // After an error answer, e.g. of a proxy during a restart, the browser itself gives up for good.
      silence.stop();
      again = window.setTimeout(reopen, REOPEN_MS);
    }

    function giveUp(): void {
      source.close();
      tell(stateWithout());
      if (isLive) tell(CHANGED);
      isLive = false;
      reopen();
    }

    function reopen(): void {
      source = open();
    }

    const stop = () => {
      window.clearTimeout(again);
      silence.stop();
      source.close();
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}

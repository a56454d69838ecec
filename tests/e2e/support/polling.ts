import type { Page } from "@playwright/test";

/** The interval of the app's polling, told apart from every other by its length. */
const POLL_MS = 20_000;
const REOPEN_MS = 15_000;

/** The app polls every 20 seconds while its stream is silent. After this, only the stream can bring news. */
export async function disablePolling(page: Page): Promise<void> {
  await page.addInitScript((poll) => {
    const plain = window.setInterval.bind(window);
    const kept = ((handler: TimerHandler, delay?: number, ...rest: unknown[]) =>
      (delay ?? 0) >= poll ? 0 : plain(handler, delay, ...rest)) as typeof window.setInterval;
    window.setInterval = kept;
  }, POLL_MS);
}

/** Polling, and the next try of a stream that was refused, as they are but in a hurry. */
export async function hastenPolling(page: Page): Promise<void> {
  await page.addInitScript(
    ([poll, reopen]) => {
      const [interval, timeout] = [window.setInterval.bind(window), window.setTimeout.bind(window)];
      const hurry = (delay: number | undefined, usual: number | undefined) => (delay === usual ? 500 : delay);
      window.setInterval = ((handler: TimerHandler, delay?: number, ...rest: unknown[]) =>
        interval(handler, hurry(delay, poll), ...rest)) as typeof window.setInterval;
      window.setTimeout = ((handler: TimerHandler, delay?: number, ...rest: unknown[]) =>
        timeout(handler, hurry(delay, reopen), ...rest)) as typeof window.setTimeout;
    },
    [POLL_MS, REOPEN_MS],
  );
}

/** A stream that can fall silent without an error, like a connection whose other end is gone: see `setDeaf`. */
export async function prepareDeafness(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.EventSource = class extends window.EventSource {
      constructor(address: string | URL) {
        super(address);
        // The first listeners of all, so that the page's own hear nothing.
        for (const type of ["message", "ping", "error"]) {
          this.addEventListener(type, (event) => "deaf" in window && event.stopImmediatePropagation());
        }
      }
    };
  });
}

export async function setDeaf(page: Page, deaf: boolean): Promise<void> {
  await page.evaluate((on) => {
    if (on) Object.assign(window, { deaf: true });
    else Reflect.deleteProperty(window, "deaf");
  }, deaf);
}

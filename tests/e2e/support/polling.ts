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

import type { Page } from "@playwright/test";

/** The app polls every 20 seconds while its stream is silent. After this, only the stream can bring news. */
export async function disablePolling(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const plain = window.setInterval.bind(window);
    const kept = ((handler: TimerHandler, delay?: number, ...rest: unknown[]) =>
      (delay ?? 0) >= 20_000 ? 0 : plain(handler, delay, ...rest)) as typeof window.setInterval;
    window.setInterval = kept;
  });
}

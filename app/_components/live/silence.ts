/** The server pings every 15 seconds: two pings missed, and some time for a slow line. */
export const SILENCE_MS = 40_000;

/** Calls once after each `heard` that nothing followed. A half-open connection reports no error, it is only silent. */
export function watchSilence(onSilence: () => void): { heard(): void; stop(): void } {
  let timer: number | undefined;
  const stop = () => window.clearTimeout(timer);
  return {
    heard: () => {
      stop();
      timer = window.setTimeout(onSilence, SILENCE_MS);
    },
    stop,
  };
}

/**
 * Resolves when we are asked to end: a signal, or the npm that started us is gone without having sent one.
 * Ctrl-C arrives twice (from the terminal and from npm), so only one that comes later means "at once".
 */
export function untilStopped(): Promise<"stop"> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const stop = () => {
      first ??= performance.now();
      if (performance.now() - first > 2_000) process.exit(130);
      resolve("stop");
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
    if (process.env.npm_lifecycle_event !== undefined) onOrphaned(() => resolve("stop"));
  });
}

function onOrphaned(act: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, 500);
  timer.unref();
}

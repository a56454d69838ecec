import { closeRuntime, runtime } from "@/inngest/runtime";
import { startBackground } from "@/inngest/start";
import { describeError, log } from "@/lib/platform/log";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** The background of a web server process. Open streams end first, or they would hold the server's shutdown. */
export async function startServer(): Promise<void> {
  const current = runtime();
  const background = await startBackground(current);
  const stop = () => {
    background
      .stop()
      .then(closeRuntime)
      .catch((error: unknown) => log.warn({ event: "shutdown", err: describeError(error) }));
  };
  for (const signal of SIGNALS) process.once(signal, stop);
}

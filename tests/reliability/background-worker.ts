import { createRuntime } from "@/inngest/runtime";
import { startBackground } from "@/inngest/start";
import { readEnv } from "@/lib/platform/env";

/** What a started worker prints: that it works, or a live message that reached it. */
export type WorkerLine = "ready" | `live ${string}`;

const print = (line: WorkerLine) => process.stdout.write(`${line}\n`);

/**
 * The background of the built app without its web server: jobs, outbox and live pages, until it is killed. Prints
 * a line when it works, and one for each live message to the person named by `LIVE_USER`.
 */
async function main(): Promise<void> {
  const runtime = createRuntime(readEnv(process.env));
  const background = await startBackground(runtime);
  const user = process.env.LIVE_USER;
  if (user !== undefined) {
    background.hub.subscribe(user, (message) => void print(`live ${JSON.stringify(message)}`));
  }
  print("ready");
  process.once("SIGTERM", () => {
    background
      .stop()
      .then(() => runtime.handle.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});

import { createRuntime } from "@/inngest/runtime";
import { startBackground } from "@/inngest/start";
import { readEnv } from "@/lib/platform/env";

/**
 * The background of the built app without its web server: jobs, outbox and live pages, until it is killed. Prints
 * a line when it works, and one for each live message to the person named by `LIVE_USER`.
 */
async function main(): Promise<void> {
  const runtime = createRuntime(readEnv(process.env));
  const background = await startBackground(runtime);
  const user = process.env.LIVE_USER;
  if (user !== undefined) {
    background.hub.subscribe(user, (message) => process.stdout.write(`live ${JSON.stringify(message)}\n`));
  }
  process.stdout.write("ready\n");
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

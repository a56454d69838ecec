import { parseArgs } from "node:util";
import { createSandbox } from "../sandbox/core/server";
import { errorCode, OperatorError } from "./lib/operator-error";
import { say } from "./lib/output";
import { listenerOf } from "./lib/ports";
import { runMain } from "./lib/run-main";
import { untilStopped } from "./lib/until-stopped";

/** The sandbox alone, until a signal ends it. */
runMain(async () => {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: process.env.SANDBOX_GOOGLE_PORT ?? "4010" },
      host: { type: "string", default: "127.0.0.1" },
      data: { type: "string" },
      /** Where the app runs whose redirect addresses the demo client registers. */
      app: { type: "string" },
    },
  });
  const stopped = untilStopped();
  const sandbox = createSandbox({ dataDirectory: values.data });
  if (values.app !== undefined) registerApp(sandbox, values.app);
  const port = Number(values.port);
  try {
    say(`Google's stand-in listens on ${await sandbox.listen(port, values.host)}`);
  } catch (error) {
    if (errorCode(error) !== "EADDRINUSE") throw error;
    const who = listenerOf(port);
    throw new OperatorError(
      `Port ${port} is taken${who === undefined ? "" : ` by ${who}`}. Choose another: npm run sandbox -- --port N`,
    );
  }
  await stopped;
  await sandbox.close();
  return 0;
});

/** Google accepts only registered redirect addresses; a demo on another port needs its own. */
function registerApp(sandbox: ReturnType<typeof createSandbox>, appUrl: string): void {
  const port = new URL(appUrl).port;
  for (const client of sandbox.oauth.clients.values()) {
    const wanted = client.redirectUris.map((uri) => {
      const url = new URL(uri);
      url.port = port;
      return url.href;
    });
    const redirectUris = [...new Set([...client.redirectUris, ...wanted])];
    sandbox.oauth.clients.set(client.id, { ...client, redirectUris });
  }
}

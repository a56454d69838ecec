import { parseArgs } from "node:util";
import { createSandbox } from "../sandbox/core/server";
import { errorCode, OperatorError } from "./lib/operator-error";
import { say } from "./lib/output";
import { freePortFrom, listenerOf } from "./lib/ports";
import { runMain } from "./lib/run-main";
import { untilStopped } from "./lib/until-stopped";

/** The sandbox alone, until a signal ends it. */
runMain(async () => {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: process.env.SANDBOX_GOOGLE_PORT ?? "4010" },
      host: { type: "string", default: "127.0.0.1" },
      /** The mail server's; without a choice the first free one from 4025 on. */
      "smtp-port": { type: "string", default: process.env.SANDBOX_SMTP_PORT },
      data: { type: "string" },
      /** Where the app runs whose redirect addresses the demo client registers. */
      app: { type: "string" },
    },
  });
  const stopped = untilStopped();
  const sandbox = createSandbox({ dataDirectory: values.data });
  if (values.app !== undefined) registerApp(sandbox, values.app);
  const port = Number(values.port);
  const smtpPort = values["smtp-port"] ? Number(values["smtp-port"]) : await freePortFrom(4025);
  const origin = await listening("port", port, () => sandbox.listen(port, values.host));
  const smtp = await listening("smtp-port", smtpPort, () => sandbox.mail.listen(smtpPort));
  say(`Google's stand-in listens on ${origin}`);
  say(`Mail is received on ${smtp} and shown on ${origin}/sandbox/inbox`);
  await stopped;
  await sandbox.close();
  return 0;
});

async function listening(option: string, port: number, listen: () => Promise<string>): Promise<string> {
  try {
    return await listen();
  } catch (error) {
    if (errorCode(error) !== "EADDRINUSE") throw error;
    const who = listenerOf(port);
    throw new OperatorError(
      `Port ${port} is taken${who === undefined ? "" : ` by ${who}`}. Choose another: npm run sandbox -- --${option} N`,
    );
  }
}

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

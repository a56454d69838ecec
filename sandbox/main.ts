import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { createSandbox } from "./core/server";

const USAGE = `Usage: npm run sandbox -- [--port 4010] [--smtp-port 4025] [--host 127.0.0.1] [--data .data/sandbox] [--fresh] [--memory] [--demo]
Environment: SANDBOX_PORT, SANDBOX_SMTP_PORT, SANDBOX_HOST, SANDBOX_DATA
`;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: process.env.SANDBOX_PORT ?? "4010" },
    /** Without a choice any free port will do when the usual one is taken. */
    "smtp-port": { type: "string", default: process.env.SANDBOX_SMTP_PORT },
    host: { type: "string", default: process.env.SANDBOX_HOST ?? "127.0.0.1" },
    data: { type: "string", default: process.env.SANDBOX_DATA ?? ".data/sandbox" },
    fresh: { type: "boolean", default: false },
    memory: { type: "boolean", default: false },
    demo: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  process.stdout.write(USAGE);
} else {
  await run();
}

async function run(): Promise<void> {
  if (values.fresh) rmSync(`${values.data}/google.jsonl`, { force: true });
  const sandbox = createSandbox({ demo: values.demo, ...(!values.memory && { dataDirectory: values.data }) });
  const origin = await sandbox.listen(Number(values.port), values.host).catch((error: Error) => {
    process.stderr.write(`The sandbox cannot listen on ${values.host}:${values.port}: ${error.message}\n`);
    process.exit(1);
  });
  const chosen = values["smtp-port"];
  const listening = sandbox.mail.listen(Number(chosen ?? 4025));
  const smtp = await (chosen ? listening : listening.catch(() => sandbox.mail.listen(0))).catch(
    (error: Error) => {
      process.stderr.write(`The sandbox cannot receive mail on port ${chosen}: ${error.message}\n`);
      process.exit(1);
    },
  );
  process.stdout.write(`Mail is received on ${smtp}\n`);
  process.stdout.write(`Google sandbox listening on ${origin}\n`);
  const stop = () => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

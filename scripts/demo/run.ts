import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { takeLock } from "../lib/lock";
import { OperatorError } from "../lib/operator-error";
import { complain, describeFailure, say } from "../lib/output";
import { dataDirectory } from "../lib/paths";
import { freePortFrom, isPortFree, listenerOf } from "../lib/ports";
import { rerunUnderProjectNode } from "../lib/project-node";
import { untilStopped } from "../lib/until-stopped";
import { Parts, startStack } from "./stack";
import { welcome } from "./welcome";

const USAGE = `Options:
  --port N    the app's port (3000)
  --host H    where app and sandbox listen (127.0.0.1)
  --fresh     start over with an empty database and sandbox`;

/** The whole of `npm run demo` and `npm run dev`: start, stay, stop. Answers the exit code. */
export async function runDemo(mode: "start" | "dev"): Promise<number> {
  const rerun = await rerunUnderProjectNode();
  if (rerun !== undefined) return rerun;
  const options = readOptions();
  mkdirSync(dataDirectory, { recursive: true });
  const lock = lockCheckout(mode);
  const parts = new Parts();
  const stopped = untilStopped();
  try {
    await requireFree(options.port, options.host);
    const googlePort = await freePortFrom(4010, options.host);
    const smtpPort = await freePortFrom(4025);
    const starting = startStack(
      {
        ...options,
        ...{
          directory: dataDirectory,
          logs: join(dataDirectory, "logs"),
          appPort: options.port,
          googlePort,
          smtpPort,
          mode,
          durable: true,
          say,
        },
        databaseUrl: process.env.DATABASE_URL || undefined,
      },
      parts,
    );
    const stack = await Promise.race([starting, stopped]);
    if (stack === "stop") return 0;
    lock.announce(stack.appUrl);
    say(welcome(stack));
    const end = await Promise.race([stack.failed, stopped]);
    if (end === "stop") return 0;
    complain(`\n${describeFailure(end)}`);
    return 1;
  } catch (error) {
    complain(`\n${describeFailure(error)}`);
    return 1;
  } finally {
    if (!parts.empty) say("\nStopping …");
    await parts.stop();
    lock.release();
  }
}

function readOptions(): { port: number; host: string; fresh: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: process.env.PORT ?? "3000" },
        host: { type: "string", default: "127.0.0.1" },
        fresh: { type: "boolean", default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`--port ${values.port} is no port`);
    return { port, host: values.host, fresh: values.fresh };
  } catch (error) {
    throw new OperatorError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`, {
      cause: error,
    });
  }
}

function lockCheckout(mode: "start" | "dev") {
  const taken = takeLock(join(dataDirectory, "demo.lock"), "server");
  if ("lock" in taken) return taken.lock;
  const { pid, address } = taken.owner;
  throw new OperatorError(
    `This checkout's demo already runs as process ${pid}${address ? `: ${address}` : " and is still starting"}.\n` +
      `Use that one, or stop it first: Ctrl-C in its terminal, or \`kill ${pid}\`; ` +
      `then \`npm run ${mode === "dev" ? "dev" : "demo"}\` again.`,
  );
}

async function requireFree(port: number, host: string): Promise<void> {
  if ((await isPortFree(port, host)) && (await isPortFree(port, "::1"))) return;
  const who = listenerOf(port);
  const other = await freePortFrom(port + 1, host);
  throw new OperatorError(
    `Port ${port} is taken${who === undefined ? "" : ` by ${who}`}.\n` +
      `Stop that program, or choose another port: npm run demo -- --port ${other}`,
  );
}

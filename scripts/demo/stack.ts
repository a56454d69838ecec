import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { MigrationError, migrate } from "@/db/migrate";
import { systemClock } from "@/lib/platform/clock";
import { lockOwner } from "../lib/lock";
import { nextArguments } from "../lib/next-program";
import { OperatorError } from "../lib/operator-error";
import { dataDirectory, root } from "../lib/paths";
import { answers, type Service, startService, untilReady } from "../lib/service";
import { type Postgres, startPostgres } from "../postgres/launcher";
import { buildApp, isBuilt } from "./build-app";
import { announceDemo, type DemoAddresses, demoEnvironment } from "./environment";
import { demoSecrets } from "./secrets";
import { seedDemo } from "./seed-demo";

export interface StackOptions {
  /** Everything that must survive lies here. */
  directory: string;
  logs: string;
  appPort: number;
  googlePort: number;
  /** The sandbox's mail server, always on loopback. */
  smtpPort: number;
  host: string;
  mode: "start" | "dev";
  fresh: boolean;
  /** Off for tests. */
  durable: boolean;
  /** A database of the operator's; without it the embedded one is used. */
  databaseUrl?: string | undefined;
  /** Over the demo's own environment, for tests. */
  env?: Record<string, string>;
  say(text: string): void;
}

export interface Stack extends DemoAddresses {
  databaseUrl: string;
  /** Of the processes that hold the parts; each runs its part as a child. */
  pids: { app: number; sandbox: number; database: number };
  /** Resolves with the reason when a part ends by itself. */
  failed: Promise<OperatorError>;
}

/** What was started, newest last. Stopping goes backwards and is safe at any moment, also twice. */
export class Parts {
  #stops: (() => Promise<unknown>)[] = [];
  #stopping: Promise<void> | undefined;

  get empty(): boolean {
    return this.#stops.length === 0;
  }

  add(stop: () => Promise<unknown>): void {
    this.#stops.push(stop);
    if (this.#stopping !== undefined) this.#stopping = this.#stopping.then(() => this.#drain());
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#drain();
    return this.#stopping;
  }

  async #drain(): Promise<void> {
    for (let stop = this.#stops.pop(); stop !== undefined; stop = this.#stops.pop()) await stop();
  }
}

const STOP_GRACE_MS = 10_000;

/** Starts database, sandbox and app, in this order of dependence but as much at once as possible. */
export async function startStack(options: StackOptions, parts: Parts): Promise<Stack> {
  const { directory, logs, say } = options;
  if (options.fresh) startOver(options);
  const addresses: DemoAddresses = {
    appUrl: `http://localhost:${options.appPort}`,
    googleOrigin: `http://127.0.0.1:${options.googlePort}`,
    smtpUrl: `smtp://127.0.0.1:${options.smtpPort}`,
  };
  const [database, sandbox] = await together(parts, [
    openDatabase(options, parts),
    startSandbox(options, addresses, logs, parts),
    build(options, logs, parts),
  ]);
  await seedDemo({ ...addresses, databaseUrl: database.url });
  announceDemo(directory, addresses);
  const env = {
    ...demoEnvironment(addresses, demoSecrets(directory)),
    DATABASE_URL: database.url,
    ...options.env,
  };
  const app = startApp(options, env, logs);
  parts.add(() => app.stop(STOP_GRACE_MS));
  say(options.mode === "dev" ? "Starting the app with hot reload …" : "Starting the app …");
  await untilReady(app, () => answers(`http://127.0.0.1:${options.appPort}/api/health/ready`), 120_000);
  return {
    ...addresses,
    databaseUrl: database.url,
    pids: { app: app.pid, sandbox: sandbox.pid, database: database.pid },
    failed: Promise.race([app.failed, sandbox.failed, database.ended]).then(asFailure),
  };
}

function asFailure(cause: OperatorError | string): OperatorError {
  return typeof cause === "string"
    ? new OperatorError(`The database ended (${cause}). Start again: what was saved is still there.`)
    : cause;
}

/** All of it, or the first failure at once, with the rest stopped and come to rest. */
async function together<T extends readonly Promise<unknown>[]>(
  parts: Parts,
  work: [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  try {
    return (await Promise.all(work)) as { [K in keyof T]: Awaited<T[K]> };
  } catch (error) {
    await parts.stop();
    await Promise.allSettled(work);
    throw error;
  }
}

function startOver({ directory, databaseUrl }: StackOptions): void {
  if (databaseUrl !== undefined) {
    throw new OperatorError(
      "--fresh does not empty the database that DATABASE_URL names. Unset it, or empty it yourself.",
    );
  }
  for (const name of ["sandbox", "secrets.json", "demo.json"]) {
    rmSync(join(directory, name), { recursive: true, force: true });
  }
}

async function openDatabase(
  options: StackOptions,
  parts: Parts,
): Promise<Pick<Postgres, "url" | "pid" | "ended">> {
  const given = options.databaseUrl;
  const database = given
    ? { url: given, pid: 0, ended: new Promise<string>(() => undefined) }
    : await ownDatabase(options, parts);
  try {
    const { applied } = await migrate(database.url, systemClock().now());
    options.say(`Database ready${applied.length > 0 ? `, ${applied.length} migrations applied` : ""}.`);
  } catch (error) {
    if (error instanceof MigrationError) throw new OperatorError(error.message, { cause: error });
    throw new OperatorError(
      `The database cannot be used: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
  return database;
}

async function ownDatabase(options: StackOptions, parts: Parts): Promise<Postgres> {
  const database = await startPostgres({
    state: join(options.directory, "postgres"),
    durable: options.durable,
    fresh: options.fresh,
  });
  parts.add(() => database.stop());
  if (database.notice !== undefined) options.say(database.notice);
  return database;
}

async function startSandbox(
  options: StackOptions,
  addresses: DemoAddresses,
  logs: string,
  parts: Parts,
): Promise<Service> {
  const sandbox = startService({
    name: "sandbox",
    command: process.execPath,
    args: [
      ...["--import", "tsx", resolve(root, "scripts/sandbox.ts")],
      ...["--port", String(options.googlePort), "--host", options.host],
      ...["--smtp-port", String(options.smtpPort)],
      ...["--data", join(options.directory, "sandbox"), "--app", addresses.appUrl],
    ],
    cwd: root,
    env: process.env,
    log: join(logs, "sandbox.log"),
  });
  parts.add(() => sandbox.stop(STOP_GRACE_MS));
  await untilReady(
    sandbox,
    () => answers(`${addresses.googleOrigin}/.well-known/openid-configuration`),
    60_000,
  );
  options.say(`Sandbox ready on ${addresses.googleOrigin}.`);
  return sandbox;
}

async function build(options: StackOptions, logs: string, parts: Parts): Promise<void> {
  if (options.mode === "dev" || isBuilt()) return;
  const demo = lockOwner(join(dataDirectory, "demo.lock"));
  if (demo !== undefined && demo.pid !== process.pid) {
    throw new OperatorError(
      `The sources changed, and building them would pull the build from under the running demo (process ${demo.pid}).\n` +
        "Stop the demo first.",
    );
  }
  options.say("Building the app (only when its sources changed; about 20 s) …");
  await buildApp(logs, (service) => parts.add(() => service.stop(2_000)));
}

function startApp(options: StackOptions, env: Record<string, string>, logs: string): Service {
  return startService({
    name: "app",
    command: process.execPath,
    args: nextArguments(options.mode, options.appPort, options.host),
    cwd: root,
    env: { ...process.env, ...env, NODE_ENV: options.mode === "dev" ? "development" : "production" },
    log: join(logs, "app.log"),
  });
}

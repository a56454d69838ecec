import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { createGoogle } from "../google/google";
import type { Google } from "../google/service";
import { createClock } from "./clock";
import type { Core, SandboxApp, SandboxEnv } from "./context";
import { addControlRoutes, refuseInProduction } from "./control";
import { createFaults } from "./faults";
import { createLedger } from "./ledger";
import { refuseStrangers } from "./loopback";
import { addPages } from "./pages";
import { createRoutes, recorded } from "./routes";
import { createStore } from "./store";
import { createSwitches } from "./switches";

export interface SandboxOptions {
  /** Directory of the journal; absent: nothing outlives the process. */
  dataDirectory?: string;
  /** Requests the ledger keeps in full; default 5,000. */
  ledgerSize?: number;
  /** False: starts without accounts and events. */
  seed?: boolean;
  /** Starts in production, too. */
  demo?: boolean;
}

export interface Sandbox extends Google {
  app: SandboxApp;
  /** Port 0 picks a free one. Returns the origin, `http://127.0.0.1:4010`. */
  listen(port?: number, host?: string): Promise<string>;
  /** Empties everything and seeds again. */
  reset(): void;
  /** Stops listening, cuts open connections, writes the journal. */
  close(): Promise<void>;
}

/** Google's stand-in, whole. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  refuseInProduction(options.demo === true);
  const core = createCore(options);
  const { google, hooks, services } = createGoogle(core);
  const app = new Hono<SandboxEnv>();
  const routes = createRoutes(app, core, hooks, refuseStrangers);
  const reset = () => {
    emptyCore(core);
    for (const service of services) service.forget?.();
    seed();
  };
  for (const service of services) service.addRoutes(routes);
  addControlRoutes(routes, core, reset);
  addPages(routes, core);
  routes.closePaths();
  app.notFound((c) => recorded(core, hooks, "unknown", c, async () => [hooks.notFound(c), undefined]));
  app.onError((error) => hooks.crashed(error));

  const seed = () => {
    if (options.seed !== false) for (const service of services) service.seed();
  };
  if (google.accounts.list().length === 0) seed();

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  return {
    ...google,
    app,
    listen: (port = 0, host = "127.0.0.1") => listen(server, port, host),
    reset,
    async close() {
      for (const service of services) service.close?.();
      await closeServer(server);
      core.store.close();
    },
  };
}

function emptyCore({ store, switches, faults, ledger, clock }: Core): void {
  store.reset();
  switches.reset();
  faults.disarm();
  ledger.reset();
  clock.reset();
}

function createCore({ dataDirectory, ledgerSize }: SandboxOptions): Core {
  const store = createStore({
    file: dataDirectory === undefined ? undefined : join(dataDirectory, "google.jsonl"),
  });
  const offset = store.section<number>("clock", { initial: () => 0 });
  const clock = createClock(offset.value);
  clock.onJump(() => offset.replace(clock.offset()));
  return {
    clock,
    store,
    switches: createSwitches(store),
    faults: createFaults(),
    ledger: createLedger(clock, ledgerSize),
  };
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo;
      resolve(
        `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`,
      );
    });
  });
}

function closeServer(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { createClock } from "./clock";
import type { Core, SandboxApp, SandboxEnv, Service, VendorHooks } from "./context";
import { addControlRoutes, refuseInProduction } from "./control";
import { createFaults } from "./faults";
import { createLedger } from "./ledger";
import { refuseStrangers } from "./loopback";
import { addPages } from "./pages";
import { createRoutes, recorded } from "./routes";
import { createStore } from "./store";
import { createSwitches } from "./switches";

export interface HostOptions {
  /** Directory of the journal; absent: nothing outlives the process. */
  dataDirectory?: string;
  /** Requests the ledger keeps in full; default 5,000. */
  ledgerSize?: number;
  /** False: starts without accounts and events. */
  seed?: boolean;
  /** Starts in production, too. */
  demo?: boolean;
}

/** One vendor's stand-in as a running program. */
export interface Host {
  app: SandboxApp;
  /** Port 0 picks a free one. Returns the origin, `http://127.0.0.1:4010`. */
  listen(port?: number, host?: string): Promise<string>;
  /** Empties everything, switches and faults included, and seeds again. */
  reset(): void;
  /** Stops listening, cuts open connections, writes the journal. */
  close(): Promise<void>;
}

/** Clock, journal (`<name>.jsonl`), switches, faults and ledger. */
export function createCore(name: string, { dataDirectory, ledgerSize, demo }: HostOptions): Core {
  refuseInProduction(demo === true);
  const file = dataDirectory === undefined ? undefined : join(dataDirectory, `${name}.jsonl`);
  const store = createStore({ file });
  const offset = store.section<number>("clock", { initial: () => 0 });
  const clock = createClock(offset.value);
  clock.onJump(() => offset.replace(clock.offset()));
  const ledger = createLedger(clock, ledgerSize);
  return { clock, store, switches: createSwitches(store), faults: createFaults(), ledger };
}

/** Serves a vendor's services behind the pipeline, with control API and pages; `isEmpty` says whether to seed. */
export function createHost(
  core: Core,
  vendor: { hooks: VendorHooks; services: readonly Service[]; isEmpty: () => boolean },
  options: HostOptions,
): Host {
  const { hooks, services } = vendor;
  const app = new Hono<SandboxEnv>();
  const seed = () => {
    if (options.seed !== false) for (const service of services) service.seed();
  };
  const reset = () => {
    emptyCore(core);
    for (const service of services) service.forget?.();
    seed();
  };
  const routes = createRoutes(app, core, hooks, refuseStrangers);
  for (const service of services) service.addRoutes(routes);
  addControlRoutes(routes, core, reset);
  addPages(routes, core);
  routes.closePaths();
  app.notFound((c) => recorded(core, hooks, "unknown", c, async () => [hooks.notFound(c), undefined]));
  app.onError((error) => hooks.crashed(error));
  if (vendor.isEmpty()) seed();

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  // As the vendors' do: one that gives up an idle connection early cuts off who just sent something on it.
  server.keepAliveTimeout = 240_000;
  return {
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

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const { family, address, port: actual } = server.address() as AddressInfo;
      resolve(`http://${family === "IPv6" ? `[${address}]` : address}:${actual}`);
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

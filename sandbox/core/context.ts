import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import type { Caller } from "./caller";
import type { Clock } from "./clock";
import type { ArmedFault, Faults } from "./faults";
import type { Ledger } from "./ledger";
import type { Store } from "./store";
import type { Switches } from "./switches";

export type { Caller } from "./caller";

export interface SandboxEnv {
  Bindings: Partial<HttpBindings>;
  /** `caller` is undefined without a live token. */
  Variables: { operation: string; caller: Caller | undefined };
}

export type SandboxContext = Context<SandboxEnv>;
export type SandboxApp = Hono<SandboxEnv>;
export type Handler = (c: SandboxContext) => Response | Promise<Response>;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What every part of the sandbox works with. */
export interface Core {
  clock: Clock;
  store: Store;
  switches: Switches;
  faults: Faults;
  ledger: Ledger;
}

export interface Routes {
  /** Adds a vendor route. The operation's name is what faults, quotas and the ledger know it by. */
  add(
    operation: string | ((c: SandboxContext) => Promise<string>),
    method: Method,
    path: string,
    handler: Handler,
    options?: { maxBytes?: number },
  ): void;
  /** Adds an address under `/sandbox/`: loopback only, not in the ledger, never struck by faults. */
  control(method: Method, path: string, handler: Handler): void;
  /** Adds a style sheet or script; neither in the ledger nor struck by faults. */
  asset(path: string, contentType: string, content: string): void;
}

/** How a vendor plugs into the shared pipeline (identify, ledger, faults, quota, handler). */
export interface VendorHooks {
  /** Must be cheap: it runs for every request. */
  identify(c: SandboxContext): Caller | undefined | Promise<Caller | undefined>;
  /** The answer of an armed fault in this vendor's shape; undefined for kinds that need no body of its own. */
  faultResponse(fault: ArmedFault, operation: string): Response | undefined;
  /** The refusal of a call that is over quota. */
  overQuota(operation: string, caller: Caller | undefined): Response | undefined;
  notFound(c: SandboxContext): Response;
  methodNotAllowed(c: SandboxContext): Response;
  tooLarge(c: SandboxContext): Response;
  crashed(error: Error): Response;
}

/** One part of a vendor: sign-in, calendar, people. */
export interface Service {
  addRoutes(routes: Routes): void;
  /** Fills an empty store. Not called when the journal held accounts. */
  seed(): void;
  /** Called after the store was emptied, before `seed`: drop whatever is derived from it. */
  forget?(): void;
  /** Stops timers and deliveries. */
  close?(): void;
}

/** Thrown anywhere below a route to answer with this response. */
export class Refusal extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super(`refused with ${response.status}`);
    this.response = response;
  }
}

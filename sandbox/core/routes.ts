import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import {
  type Core,
  type Handler,
  Refusal,
  type Routes,
  type SandboxApp,
  type SandboxContext,
  type VendorHooks,
} from "./context";
import type { ArmedFault } from "./faults";

const DEFAULT_MAX_BYTES = 1_000_000;

/** Vendor routes behind the pipeline; `closePaths` comes last and answers 405 to unknown methods on known paths. */
export function createRoutes(
  app: SandboxApp,
  core: Core,
  vendor: VendorHooks,
  guard: (c: SandboxContext) => Response | undefined,
): Routes & { closePaths(): void } {
  const paths = new Set<string>();
  return {
    add(operation, method, path, handler, options = {}) {
      paths.add(path);
      const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
      app.on(method, path, async (c) => {
        const name = typeof operation === "string" ? operation : await operation(c);
        return recorded(core, vendor, name, c, () => answer(core, vendor, c, handler, maxBytes));
      });
    },
    control(method, path, handler) {
      app.on(method, path, async (c) => guard(c) ?? (await controlled(c, handler)));
    },
    asset(path, contentType, content) {
      app.get(path, (c) => c.body(content, 200, { "content-type": `${contentType}; charset=utf-8` }));
    },
    closePaths() {
      const refuse = (c: SandboxContext) => Promise.resolve<Answer>([vendor.methodNotAllowed(c), undefined]);
      for (const path of paths) {
        app.all(path, (c) => recorded(core, vendor, "method_not_allowed", c, () => refuse(c)));
      }
    },
  };
}

type Answer = [response: Response, fault: ArmedFault | undefined];

/** Runs a request and writes it into the ledger. */
export async function recorded(
  core: Core,
  vendor: VendorHooks,
  operation: string,
  c: SandboxContext,
  run: () => Promise<Answer>,
): Promise<Response> {
  const startedAt = performance.now();
  const identified = vendor.identify(c);
  const caller = identified instanceof Promise ? await identified : identified;
  c.set("operation", operation);
  c.set("caller", caller);
  const [response, fault] = await run();
  const url = c.req.url;
  const queryAt = url.indexOf("?");
  core.ledger.record({
    at: core.clock.ms(),
    method: c.req.method,
    path: c.req.path,
    query: queryAt === -1 ? "" : url.slice(queryAt),
    account: caller?.account,
    operation,
    status: response === RESPONSE_ALREADY_SENT ? 0 : response.status,
    durationMs: performance.now() - startedAt,
    fault: fault?.kind,
  });
  return response;
}

async function answer(
  core: Core,
  vendor: VendorHooks,
  c: SandboxContext,
  handler: Handler,
  maxBytes: number,
): Promise<Answer> {
  const { operation, caller } = c.var;
  const refused = tooLarge(c, maxBytes) ? vendor.tooLarge(c) : vendor.overQuota(operation, caller);
  if (refused !== undefined) return [refused, undefined];
  const fault = core.faults.strike(operation, caller);
  const work = () => handled(vendor, c, handler);
  return [fault === undefined ? await work() : await struck(vendor, c, fault, work), fault];
}

// A body without a length (chunked) is read by the handler as it comes; vendors' clients always send one.
function tooLarge(c: SandboxContext, maxBytes: number): boolean {
  const length = c.req.header("content-length");
  return length !== undefined && Number(length) > maxBytes;
}

async function handled(vendor: VendorHooks, c: SandboxContext, handler: Handler): Promise<Response> {
  try {
    return await handler(c);
  } catch (error) {
    if (error instanceof Refusal) return error.response;
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return vendor.crashed(error instanceof Error ? error : new Error(String(error)));
  }
}

async function controlled(c: SandboxContext, handler: Handler): Promise<Response> {
  try {
    return await handler(c);
  } catch (error) {
    if (error instanceof Refusal) return error.response;
    const message = error instanceof Error ? error.message : String(error);
    return Response.json({ error: message }, { status: 400 });
  }
}

async function struck(
  vendor: VendorHooks,
  c: SandboxContext,
  fault: ArmedFault,
  work: () => Promise<Response>,
): Promise<Response> {
  switch (fault.kind) {
    case "reset_before":
      return cutConnection(c);
    case "reset_after":
      await work();
      return cutConnection(c);
    case "error_after":
      await work();
      return vendor.faultResponse({ ...fault, kind: "internal_error" }, c.var.operation) ?? work();
    case "slow":
      await (fault.until ?? sleep(fault.delayMs ?? 5_000));
      return work();
    case "never":
      return new Promise(() => undefined);
    case "truncated_json":
      return truncated(await work());
    case "html_ok":
      return new Response("<!doctype html><title>Sign in</title><p>Please sign in to continue.</p>", {
        headers: { "content-type": "text/html; charset=UTF-8" },
      });
    default:
      return vendor.faultResponse(fault, c.var.operation) ?? work();
  }
}

function cutConnection(c: SandboxContext): Response {
  const socket = c.env.outgoing?.socket;
  if (socket === undefined || socket === null)
    throw new Error("A connection can only be reset over a real socket");
  socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

async function truncated(response: Response): Promise<Response> {
  const text = await response.text();
  const { status } = response;
  const body = status === 204 ? null : text.slice(0, Math.floor(text.length / 2));
  return new Response(body, {
    status,
    headers: { "content-type": response.headers.get("content-type") ?? "application/json" },
  });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

import { serve } from "inngest/next";
import { readBodyText } from "@/app/_session/api-body";
import { createFunctions } from "@/inngest/functions/all";
import { runtime } from "@/inngest/runtime";
import { type Background, background } from "@/inngest/start";
import { AppError } from "@/lib/platform/errors";
import { describeError, log } from "@/lib/platform/log";
import { isLoopbackPeer } from "@/lib/platform/rate-limit-address";

export const dynamic = "force-dynamic";
export const maxDuration = 300;

type Method = "GET" | "POST" | "PUT";
type Handler = (request: Request, context: unknown) => Promise<Response>;
type Handlers = Record<Method, Handler>;

// A server sends at most 4 MiB: MaxSDKRequestBodySize in pkg/consts/consts.go of inngest/inngest.
const MAX_BODY_BYTES = 5 * 1024 * 1024;

let made: { of: Background; handlers: Handlers } | null = null;

/** Where an Inngest server calls the functions. With the embedded engine there is nothing to call: 404. */
async function answer(method: Method, request: Request, context: unknown): Promise<Response> {
  const { env } = runtime();
  // A developer's server signs nothing, so only this machine may speak as one.
  const hidden = env.JOBS === "embedded" || (env.INNGEST_DEV && !isLoopbackPeer(request.headers));
  if (hidden) return new Response(null, { status: 404 });
  // Whoever signs nothing is not worth reading: the SDK would parse the whole body before it looks.
  const unsigned = !env.INNGEST_DEV && request.headers.get("x-inngest-signature") === null;
  if (unsigned) return refuse(401, "Unauthorized");
  try {
    return await (await handlers())[method](await readable(method, request), context);
  } catch (error) {
    if (error instanceof AppError && error.code === "payload_too_large") return refuse(413, error.message);
    if (error instanceof SyntaxError) return refuse(400, "The body is not JSON.");
    log.error({ event: "inngest.call", method, err: describeError(error) });
    return refuse(500, "The call could not be answered.");
  }
}

/** The request with its body read within the limit, and known to be JSON where there is one. */
async function readable(method: Method, request: Request): Promise<Request> {
  if (method === "GET") return request;
  const body = await readBodyText(request, MAX_BODY_BYTES);
  if (body !== "") JSON.parse(body);
  return new Request(request.url, { method, headers: request.headers, body });
}

/** One handler per background: after a restart the client of before would speak for nobody. */
async function handlers(): Promise<Handlers> {
  const running = await background();
  if (running === null) throw new Error("the background of this process is not running");
  if (made?.of !== running) made = { of: running, handlers: serveFunctions(running) };
  return made.handlers;
}

function serveFunctions({ client, pump }: Background): Handlers {
  const { services, startedAt } = runtime();
  const handler = serve({
    client,
    functions: createFunctions(client, { ...services, startedAt }, pump),
    // By default anyone may have us register, under whatever `Host` they send: then all jobs would be called there.
    enableUnauthedSync: false,
  });
  return handler as unknown as Handlers;
}

function refuse(status: number, message: string): Response {
  return Response.json({ message }, { status, headers: { "Cache-Control": "no-store" } });
}

export const GET: Handler = (request, context) => answer("GET", request, context);
export const POST: Handler = (request, context) => answer("POST", request, context);
export const PUT: Handler = (request, context) => answer("PUT", request, context);

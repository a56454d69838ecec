import { serve } from "inngest/next";
import { createFunctions } from "@/inngest/functions/all";
import { runtime } from "@/inngest/runtime";
import { background } from "@/inngest/start";
import { isLoopbackPeer } from "@/lib/platform/rate-limit-address";

export const dynamic = "force-dynamic";
export const maxDuration = 300;

type Handler = (request: Request, context: unknown) => Promise<Response>;
let handlers: Promise<Record<"GET" | "POST" | "PUT", Handler>> | null = null;

/** Where an Inngest server calls the functions. With the embedded engine there is nothing to call: 404. */
async function answer(method: "GET" | "POST" | "PUT", request: Request, context: unknown): Promise<Response> {
  const { env } = runtime();
  // A developer's server signs nothing, so only this machine may speak as one.
  const hidden = env.JOBS === "embedded" || (env.INNGEST_DEV && !isLoopbackPeer(request.headers));
  if (hidden) return new Response(null, { status: 404 });
  handlers ??= makeHandlers().catch((error: unknown) => {
    handlers = null; // A start that failed may still succeed.
    throw error;
  });
  return (await handlers)[method](request, context);
}

async function makeHandlers() {
  const running = await background();
  if (running === null) throw new Error("the background of this process is not running");
  const { services } = runtime();
  return serve({
    client: running.client,
    functions: createFunctions(running.client, services, running.pump),
  }) as unknown as Record<"GET" | "POST" | "PUT", Handler>;
}

export const GET: Handler = (request, context) => answer("GET", request, context);
export const POST: Handler = (request, context) => answer("POST", request, context);
export const PUT: Handler = (request, context) => answer("PUT", request, context);

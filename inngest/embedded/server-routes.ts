import { z } from "zod";
import { QueueFullError } from "@/inngest/embedded/event-intake";
import {
  checkpointSchema,
  eventsSchema,
  type IncomingEvent,
  type Op,
  type RegisteredFunction,
  registrationSchema,
} from "@/inngest/embedded/protocol";

/** The part of a server's API that the SDK calls on its own. */
export interface ServerRoutes {
  /** False before the start and after the stop: then nothing is accepted. */
  isOpen(): boolean;
  register(functions: readonly RegisteredFunction[]): void;
  accept(events: readonly IncomingEvent[]): string[];
  checkpoint(runId: string, requestId: string | undefined, ops: readonly Op[]): boolean;
}

// The limits of a self-hosted server, so that a payload too big for it is noticed here first.
const MAX_EVENT_CHARACTERS = 512 * 1024;
const MAX_EVENTS_PER_SEND = 5_000;

/** A `fetch` that never leaves the process. */
export function createServerFetch(routes: ServerRoutes): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    const text = await request.text();
    try {
      return answer(routes, request.method, pathname, text);
    } catch (error) {
      return explain(error, pathname);
    }
  };
}

function explain(error: unknown, path: string): Response {
  if (error instanceof QueueFullError) return reply(503, { error: error.message, status: 503 });
  if (error instanceof z.ZodError) {
    return reply(400, { error: `unreadable request to ${path}: ${z.prettifyError(error)}`, status: 400 });
  }
  if (error instanceof SyntaxError) {
    return reply(400, { error: `unreadable request to ${path}: ${error.message}`, status: 400 });
  }
  throw error;
}

function answer(routes: ServerRoutes, method: string, path: string, text: string): Response {
  if (method === "POST" && path === "/fn/register") {
    routes.register(registrationSchema.parse(JSON.parse(text)).functions);
    return reply(200, { status: 200, modified: true });
  }
  const checkpoint = /^\/v1\/checkpoint\/([^/]+)\/async$/.exec(path);
  if (method === "POST" && checkpoint) {
    const { request_id: requestId, steps } = checkpointSchema.parse(JSON.parse(text));
    const saved = routes.checkpoint(decodeURIComponent(checkpoint[1] ?? ""), requestId, steps);
    // 409 tells the SDK to stop after the step it has just run; any other refusal it would repeat.
    return saved ? reply(200, {}) : reply(409, { error: "this call is no longer current", status: 409 });
  }
  if (!routes.isOpen()) return reply(503, { error: "the embedded job engine is not running", status: 503 });
  if (method === "POST" && path.startsWith("/e/")) return acceptEvents(routes, text);
  return reply(501, { error: `the embedded job engine has no ${method} ${path}`, status: 501 });
}

function acceptEvents(routes: ServerRoutes, text: string): Response {
  const events = eventsSchema.parse(JSON.parse(text));
  if (events.length > MAX_EVENTS_PER_SEND) {
    return reply(400, { error: `at most ${MAX_EVENTS_PER_SEND} events at once`, status: 400 });
  }
  const large = text.length > MAX_EVENT_CHARACTERS;
  if (large && events.some((event) => JSON.stringify(event).length > MAX_EVENT_CHARACTERS)) {
    return reply(413, { error: "an event may have 512 KiB", status: 413 });
  }
  return reply(200, { ids: routes.accept(events), status: 200 });
}

function reply(status: number, body: Record<string, unknown>): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

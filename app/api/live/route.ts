import { cookies } from "next/headers";
import { problem } from "@/app/_session/problem";
import { readSession } from "@/app/_session/request-session";
import { sessionCookieName } from "@/app/_session/session-cookie";
import { liveStream } from "@/app/api/live/live-stream";
import { runtime } from "@/inngest/runtime";
import { background } from "@/inngest/start";
import { AppError } from "@/lib/platform/errors";

export const dynamic = "force-dynamic";

/** Server-sent events for the signed-in person: which of their data changed, by topic. Never the data itself. */
export async function GET(request: Request): Promise<Response> {
  const current = runtime();
  const token = (await cookies()).get(sessionCookieName(current.env.appOrigin))?.value ?? null;
  const ctx = await readSession(current, token);
  if (ctx === null) return problem(new AppError("unauthenticated", "Sign in first."));
  const running = await background();
  if (running === null) return problem(new AppError("provider_unavailable", "Live updates are off."));
  const stream = liveStream({
    hub: running.hub,
    userId: ctx.userId,
    signal: request.signal,
    stillSignedIn: async () => (await readSession(current, token)) !== null,
  });
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "private, no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

import { limitCaller } from "@/app/_session/limit-caller";
import { readSession } from "@/app/_session/request-session";
import { readCookies, sessionCookieName } from "@/app/_session/session-cookie";
import type { Runtime } from "@/inngest/runtime";
import { authenticateApiKey } from "@/lib/organizations/api-keys";
import { type ApiScope, type Ctx, requireScope } from "@/lib/organizations/context";
import { countAttempt } from "@/lib/organizations/rate-counters";
import { AppError } from "@/lib/platform/errors";
import { clientAddress } from "@/lib/platform/rate-limit-address";

const SAFE = ["GET", "HEAD", "OPTIONS"];

/** Who calls the API: a key or a session, never one when the other was meant. Throws unless the scope is held. */
export async function apiCaller(runtime: Runtime, request: Request, scope: ApiScope): Promise<Ctx> {
  const authorization = request.headers.get("authorization");
  const ctx =
    authorization === null ? await bySession(runtime, request) : await byKey(runtime, request, authorization);
  limitCaller(runtime, ctx);
  requireScope(ctx, scope);
  return ctx;
}

async function byKey(runtime: Runtime, request: Request, authorization: string): Promise<Ctx> {
  const { services, env, limits } = runtime;
  const now = services.clock.now();
  const [, token = ""] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  const ctx = await authenticateApiKey(services.db, token, now);
  if (ctx !== null) return ctx;
  const key = clientAddress(request.headers, env.TRUST_PROXY);
  await countAttempt(services.db, { name: "apiRefused", key, rule: limits.apiRefused }, now);
  throw new AppError("unauthenticated", "This API key is unknown or revoked.");
}

async function bySession(runtime: Runtime, request: Request): Promise<Ctx> {
  const { appOrigin } = runtime.env;
  const token = readCookies(request.headers.get("cookie"))[sessionCookieName(appOrigin)] ?? null;
  const ctx = await readSession(runtime, token);
  if (ctx === null) throw new AppError("unauthenticated", "Send an API key, or sign in.");
  if (!SAFE.includes(request.method) && request.headers.get("origin") !== appOrigin) {
    throw new AppError("forbidden", "With a session, a change needs the Origin of this installation.");
  }
  return ctx;
}

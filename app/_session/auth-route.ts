import { chooseLocale } from "@/app/_i18n/locale";
import { readBodyText } from "@/app/_session/api-body";
import type { AuthAttempt } from "@/app/_session/auth-attempt";
import { authOptions } from "@/app/_session/auth-options";
import { callNextAuth } from "@/app/_session/next-auth-call";
import { problem, unexpected } from "@/app/_session/problem";
import { returnPath } from "@/app/_session/return-to";
import { callbackUrlCookieName, readCookies, sessionCookieName } from "@/app/_session/session-cookie";
import {
  type SignInError,
  signInErrorOf,
  signInErrorOfCallback,
  signInPath,
} from "@/app/_session/sign-in-error";
import type { Runtime } from "@/inngest/runtime";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { countAttempt } from "@/lib/organizations/rate-counters";
import { AppError } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import { clientAddress } from "@/lib/platform/rate-limit-address";

const MAX_FORM_BYTES = 16_384;

/** Everything under `/api/auth`. Pages are ours; next-auth runs the protocol. */
export async function handleAuth(request: Request, action: string[], runtime: Runtime): Promise<Response> {
  try {
    const answer = await answerAuth(request, action, runtime);
    answer.headers.set("Cache-Control", "private, no-store");
    answer.headers.set("Referrer-Policy", "no-referrer");
    return answer;
  } catch (error) {
    return error instanceof AppError ? problem(error) : unexpected(error, "auth");
  }
}

const NEXT_AUTH: Readonly<Record<string, readonly string[]>> = {
  GET: ["csrf", "session", "providers", "callback"],
  POST: ["signin", "signout", "session"],
};

async function answerAuth(request: Request, action: string[], runtime: Runtime): Promise<Response> {
  const [name = "", vendor] = action;
  const url = new URL(request.url);
  const { appOrigin } = runtime.env;
  if (request.method === "GET" && ["signin", "signout", "error"].includes(name)) {
    const returnTo = returnPath(url.searchParams.get("callbackUrl"), appOrigin);
    return redirect(appOrigin, signInPath(name === "error" ? { error: "failed", returnTo } : { returnTo }));
  }
  const concernsVendor = name === "callback" || name === "signin";
  const known = concernsVendor
    ? action.length === 2 && runtime.identities.some((identity) => identity.vendor === vendor)
    : action.length === 1;
  if (!NEXT_AUTH[request.method]?.includes(name) || !known) {
    throw new AppError("not_found", "There is nothing at this address.");
  }
  if (name === "signin") await limitStarts(request, runtime);
  return runProtocol(request, action, runtime);
}

async function limitStarts(request: Request, { env, limits, services }: Runtime): Promise<void> {
  const key = clientAddress(request.headers, env.TRUST_PROXY);
  await countAttempt(services.db, { name: "signIn", key, rule: limits.signIn }, services.clock.now());
}

async function runProtocol(request: Request, action: string[], runtime: Runtime): Promise<Response> {
  const { appOrigin } = runtime.env;
  const [name = ""] = action;
  const { callbackUrl: _ignored, ...query } = Object.fromEntries(new URL(request.url).searchParams);
  const cookies = readCookies(request.headers.get("cookie"));
  const body = request.method === "POST" ? await readForm(request) : {};
  const callbackCookie = callbackUrlCookieName(appOrigin);
  const returnTo = returnPath(body.callbackUrl ?? cookies[callbackCookie], appOrigin);
  const clean = (key: string, value: string | undefined) =>
    value === undefined ? {} : { [key]: appOrigin + returnPath(value, appOrigin) };
  const attempt = newAttempt(request, cookies, appOrigin);
  try {
    const answer = await callNextAuth(
      {
        action,
        method: request.method,
        // What a query adds to a start would reach the vendor: scopes are ours to choose.
        query: name === "callback" ? query : {},
        cookies: { ...cookies, ...clean(callbackCookie, cookies[callbackCookie]) },
        body: { ...body, ...clean("callbackUrl", body.callbackUrl) },
      },
      appOrigin,
      await authOptions(runtime, attempt, name),
    );
    return await withOwnPages(answer, appOrigin, returnTo, () => causeOf(name, query, attempt));
  } catch (error) {
    if (name !== "signin") throw error;
    log.warn({ event: "sign_in.unavailable", err: error });
    return toPage(appOrigin, signInPath({ error: signInErrorOf(error), returnTo }), body.json === "true");
  }
}

function newAttempt(request: Request, cookies: Record<string, string>, appOrigin: string): AuthAttempt {
  const acceptLanguage = request.headers.get("accept-language");
  return {
    identity: null,
    failure: null,
    previousToken: cookies[sessionCookieName(appOrigin)] ?? null,
    first: {
      timeZone: parseTimeZone(cookies.tz) ?? UTC,
      locale: chooseLocale({ cookie: cookies.locale, saved: undefined, acceptLanguage }),
    },
  };
}

async function readForm(request: Request): Promise<Record<string, string>> {
  const text = await readBodyText(request, MAX_FORM_BYTES);
  const type = request.headers.get("content-type") ?? "";
  if (type.startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(text));
  if (!type.startsWith("application/json")) return {};
  try {
    const given: unknown = JSON.parse(text);
    const entries = Object.entries(given ?? {}).filter(([, value]) => typeof value === "string");
    return Object.fromEntries(entries);
  } catch (cause) {
    throw new AppError("invalid_json", "The body is not JSON.", { cause });
  }
}

function causeOf(action: string, query: Record<string, string>, attempt: AuthAttempt): SignInError {
  if (attempt.failure !== null) return signInErrorOf(attempt.failure);
  if (action === "callback" && query.error !== undefined) return signInErrorOfCallback(query.error);
  // With an identity in hand only our side can have failed; without one its cookies were gone.
  return attempt.identity === null ? "expired" : "failed";
}

/** next-auth's own error and sign-in addresses become our sign-in page with a cause. */
async function withOwnPages(
  answer: Response,
  appOrigin: string,
  returnTo: string,
  cause: () => SignInError,
): Promise<Response> {
  const inNextAuth = (target: string | null) =>
    target?.startsWith(`${appOrigin}/api/auth/`) || target?.startsWith("/sign-in?error=");
  const isJson = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
  const target = isJson ? urlIn(await answer.clone().json()) : answer.headers.get("location");
  if (!inNextAuth(target)) return answer;
  const page = toPage(appOrigin, signInPath({ error: cause(), returnTo }), isJson);
  for (const cookie of answer.headers.getSetCookie()) page.headers.append("Set-Cookie", cookie);
  return page;
}

function urlIn(body: unknown): string | null {
  const { url } = (body ?? {}) as { url?: unknown };
  return typeof url === "string" ? url : null;
}

function toPage(appOrigin: string, path: string, json: boolean): Response {
  return json ? Response.json({ url: appOrigin + path }) : redirect(appOrigin, path);
}

function redirect(appOrigin: string, path: string): Response {
  return new Response(null, { status: 302, headers: { Location: appOrigin + path } });
}

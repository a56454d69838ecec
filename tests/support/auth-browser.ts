import { handleAuth } from "@/app/_session/auth-route";
import type { Runtime } from "@/inngest/runtime";
import type { Person, ScriptedIssuer } from "./scripted-issuer";

/** A browser as `/api/auth` sees it: keeps cookies, follows nothing. */
export function createBrowser(runtime: Runtime, cookies: Record<string, string> = {}) {
  const jar = new Map(Object.entries(cookies));
  const lastSetCookies: string[] = [];
  const origin = runtime.env.appOrigin;

  async function send(path: string, form?: Record<string, string>): Promise<Response> {
    const cookie = [...jar].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; ");
    const request = new Request(new URL(path, origin), {
      method: form === undefined ? "GET" : "POST",
      headers: { cookie, "content-type": "application/x-www-form-urlencoded" },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    const segments = new URL(request.url).pathname.split("/").slice(3);
    const response = await handleAuth(request, segments, runtime);
    lastSetCookies.splice(0, lastSetCookies.length, ...response.headers.getSetCookie());
    for (const line of lastSetCookies) keep(line);
    return response;
  }

  function keep(line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const at = pair.indexOf("=");
    const value = decodeURIComponent(pair.slice(at + 1));
    const ended = attributes.some((attribute) => attribute === "Max-Age=0");
    if (ended) jar.delete(pair.slice(0, at));
    else jar.set(pair.slice(0, at), value);
  }

  async function post(path: string, form: Record<string, string> = {}): Promise<Response> {
    const { csrfToken } = (await (await send("/api/auth/csrf")).json()) as { csrfToken: string };
    return send(path, { csrfToken, json: "true", ...form });
  }

  /** Starts a sign-in; the answer is where the vendor's consent page is. */
  async function start(callbackUrl = "/integrations"): Promise<string> {
    const response = await post("/api/auth/signin/google", { callbackUrl });
    return ((await response.json()) as { url: string }).url;
  }

  async function signIn(issuer: ScriptedIssuer, person: Person): Promise<Response> {
    return send(issuer.consent(await start(), person).href);
  }

  return { jar, lastSetCookies, send, post, start, signIn };
}

export type Browser = ReturnType<typeof createBrowser>;

/** A browser at the built app, without scripts: keeps cookies, remembers everything it was shown. */
export interface AppBrowser {
  /** Every body this browser received. */
  seen: string[];
  get(path: string): Promise<{ status: number; location: string | null; body: string }>;
  send(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<{ status: number; location: string | null; body: string }>;
  signIn(account: string): Promise<void>;
  /** Consents at the vendor; the answer is the outcome the app shows. */
  connect(account: string, query?: string): Promise<string | null>;
}

const EVENTS = "https://www.googleapis.com/auth/calendar.events";
const LIST = "https://www.googleapis.com/auth/calendar.calendarlist.readonly";

export function openAppBrowser(appUrl: string, googleOrigin: string): AppBrowser {
  const jar = new Map<string, string>();
  const seen: string[] = [];

  async function request(method: string, path: string, body?: unknown) {
    const url = new URL(path, appUrl);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const form = body instanceof URLSearchParams;
    const type: Record<string, string> =
      body === undefined || form ? {} : { "content-type": "application/json" };
    const answer = await fetch(url, {
      method,
      redirect: "manual",
      headers: { cookie, origin: url.origin, ...type },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const pair = line.split(";")[0] ?? "";
      const at = pair.indexOf("=");
      if (/max-age=0/i.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await answer.text();
    const location = answer.headers.get("location");
    seen.push(text, location?.startsWith(googleOrigin) === true ? "" : (location ?? ""));
    return { status: answer.status, location, body: text };
  }

  /** Chooser and consent; the answer is where the vendor sends the browser. */
  async function consent(authorizationUrl: string, account: string, scopes?: string[]): Promise<string> {
    const answer = await fetch(`${googleOrigin}/sandbox/api/consent`, {
      method: "POST",
      body: JSON.stringify({ authorizationUrl, account, ...(scopes && { scopes }) }),
    });
    const { redirectTo } = (await answer.json()) as { redirectTo?: string };
    if (redirectTo === undefined) throw new Error(`no consent for ${authorizationUrl}`);
    return redirectTo;
  }

  return {
    seen,
    get: (path) => request("GET", path),
    send: (method, path, body) => request(method, path, body),
    async signIn(account) {
      const { csrfToken } = JSON.parse((await request("GET", "/api/auth/csrf")).body) as {
        csrfToken: string;
      };
      const form = new URLSearchParams({ csrfToken, json: "true", callbackUrl: "/integrations" });
      const begun = await request("POST", "/api/auth/signin/google", form);
      const { url } = JSON.parse(begun.body) as { url: string };
      await request("GET", await consent(url, account));
    },
    async connect(account, query = "") {
      const begun = await request("GET", `/api/integrations/google/connect${query}`);
      const back = await consent(begun.location ?? "", account, ["openid", "email", EVENTS, LIST]);
      const end = await request("GET", back);
      return new URL(end.location ?? "", appUrl).searchParams.get("connect");
    },
  };
}

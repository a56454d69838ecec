import { createProviderFetch, type OutboundRecord } from "@/lib/platform/http";
import { type OriginMap, VENDOR_ORIGINS } from "@/lib/platform/origins";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";
import { createGoogleProvider } from "@/lib/providers/google/google-provider";
import { createSandbox, type Sandbox } from "@/sandbox/core/server";

export const CLIENT = {
  clientId: "entente-demo-client.apps.example.test",
  clientSecret: "sandbox-client-secret-not-for-production",
};

/** Google's stand-in with its quirks on, over real HTTP, and our provider talking to it through the one door. */
export interface GoogleBench extends AsyncDisposable {
  sandbox: Sandbox;
  origins: OriginMap;
  provider: CalendarProvider;
  /** Every request our side sent. */
  sent: OutboundRecord[];
  /** A person does something in their calendar. */
  act<T = { id: string }>(path: string, body: object): Promise<T>;
  set(name: string, value: string | number | boolean): void;
  /** An account with an empty primary calendar, and tokens for it. */
  account(email: string, timeZone?: string): { email: string; accessToken: string; refreshToken: string };
}

export async function openGoogle(now?: Date): Promise<GoogleBench> {
  const sandbox = createSandbox({ seed: false });
  const origin = await sandbox.listen(0);
  if (now !== undefined) sandbox.clock.set(now);
  const origins = new Map(
    VENDOR_ORIGINS.filter((vendor) => vendor.includes("google")).map((vendor) => [vendor, origin]),
  );
  const sent: OutboundRecord[] = [];
  const fetch = createProviderFetch({ origins, observe: (record) => sent.push(record) });
  return {
    sandbox,
    origins,
    sent,
    provider: createGoogleProvider({ ...CLIENT, fetch }),
    act: (path, body) => post(`${origin}/sandbox/api/calendar/${path}`, body),
    set: (name, value) => void sandbox.switches.set(`google.calendar.${name}`, value),
    account: (email, timeZone = "Europe/Paris") => {
      sandbox.accounts.add({ email, name: email, timeZone });
      const scopes = ["calendar.events", "calendar.calendarlist.readonly"].map(
        (scope) => `https://www.googleapis.com/auth/${scope}`,
      );
      // Without `openid`: an id token of a test's own time would be judged by the machine's clock at a refresh.
      const grant = { account: email, clientId: CLIENT.clientId, scopes };
      return {
        email,
        accessToken: sandbox.vault.issueAccess(grant, false).token,
        refreshToken: sandbox.vault.issueRefresh(grant).token,
      };
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

async function post<T>(url: string, body: object): Promise<T> {
  const response = await globalThis.fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${await response.text()}`);
  return (await response.json()) as T;
}

import { auth, calendar, type calendar_v3 } from "@googleapis/calendar";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../core/server";

const PREFIX = "https://www.googleapis.com/auth/calendar";

export type Client = calendar_v3.Calendar;
export type Event = calendar_v3.Schema$Event;

/** A sandbox with two fresh accounts, `ann` and `ben`, and the official client. Quirks are off unless a test turns them on. */
export interface Bench {
  sandbox: Sandbox;
  origin: string;
  /** The official client for an account, without retries. */
  client(account: string, scopes?: readonly string[]): Client;
  /** A raw request with a token of the account. */
  raw(account: string, path: string, init?: RequestInit): Promise<Response>;
  /** What a person does at the calendar's page. */
  act(path: string, body: object): Promise<Event>;
  set(name: string, value: string | number | boolean): void;
}

export const ANN = "ann@example.test";
export const BEN = "ben@example.test";

const QUIRKS: Record<string, string | boolean> = {
  emptyPages: false,
  duplicates: false,
  shortSeriesTombstones: false,
  sparseInstanceTombstones: false,
  tombstone: "full",
};

export async function openBench(options: SandboxOptions = {}): Promise<Bench> {
  const sandbox = createSandbox({ seed: false, ...options });
  const origin = await sandbox.listen(0);
  sandbox.clock.set(new Date("2026-11-18T08:00:00Z"));
  sandbox.accounts.add({ email: ANN, name: "Ann Moreau", timeZone: "Europe/Paris" });
  sandbox.accounts.add({ email: BEN, name: "Ben Stone", timeZone: "America/New_York" });
  const set = (name: string, value: string | number | boolean) => {
    sandbox.switches.set(`google.calendar.${name}`, value);
  };
  for (const [name, value] of Object.entries(QUIRKS)) set(name, value);
  const token = (account: string, scopes: readonly string[]) =>
    sandbox.vault.issueAccess(
      { account, clientId: "bench", scopes: scopes.map((scope) => PREFIX + scope) },
      false,
    ).token;
  const raw = (account: string, path: string, init: RequestInit = {}) =>
    fetch(`${origin}/calendar/v3${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${token(account, [""])}`,
        "content-type": "application/json",
        ...init.headers,
      },
    });
  return {
    sandbox,
    origin,
    set,
    raw,
    client(account, scopes = [""]) {
      const oauth = new auth.OAuth2({});
      oauth.setCredentials({ access_token: token(account, scopes), expiry_date: Date.now() + 3_600_000 });
      return calendar({ version: "v3", auth: oauth, rootUrl: `${origin}/`, retry: false });
    },
    async act(path, body) {
      const response = await fetch(`${origin}/sandbox/api/calendar/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const answer = (await response.json()) as Event & { error?: unknown };
      if (!response.ok) throw new Error(JSON.stringify(answer));
      return answer;
    },
  };
}

export interface Listed {
  items: Event[];
  pages: Event[][];
  syncToken: string | undefined;
}

/** Reads a list to its end. */
export async function listAll(
  client: Client,
  query: calendar_v3.Params$Resource$Events$List,
): Promise<Listed> {
  const pages: Event[][] = [];
  let pageToken: string | undefined;
  do {
    const { data } = await client.events.list({ calendarId: "primary", ...query, pageToken });
    pages.push(data.items ?? []);
    pageToken = data.nextPageToken ?? undefined;
    if (pageToken === undefined)
      return { items: pages.flat(), pages, syncToken: data.nextSyncToken ?? undefined };
  } while (pages.length < 1_000);
  throw new Error("The list has no end");
}

/** Status and first reason of the error a call answers. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ status: number; reason: string | undefined; body: unknown }> {
  try {
    await call;
  } catch (error) {
    const { response } = error as {
      response?: { status: number; data: { error?: { errors?: { reason: string }[] } } };
    };
    if (response === undefined) throw error;
    return { status: response.status, reason: response.data.error?.errors?.[0]?.reason, body: response.data };
  }
  throw new Error("The call was not refused");
}

/** A timed event of an hour or as long as said, in Paris unless said. */
export function timed(start: string, end: string, timeZone?: string) {
  return { start: { dateTime: start, timeZone }, end: { dateTime: end, timeZone } };
}

export const ids = (events: readonly Event[]) => events.map(({ id }) => id);

import { setting } from "./environment";

export interface GoogleAccount {
  email: string;
  name: string;
}

const DAY_MS = 86_400_000;
let serial = 0;

/** An account of the sandbox's Google with an empty calendar, which no other test knows. */
export async function openAccount(name = "Camille Roche"): Promise<GoogleAccount> {
  serial += 1;
  const email = `${name.split(" ")[0]?.toLowerCase()}.${process.pid}.${serial}@example.test`;
  await act("accounts", { email, name, timeZone: "Europe/Paris" });
  return { email, name };
}

/** A call of the sandbox's control interface; see `sandbox/README.md`. */
export async function act<T = Record<string, unknown>>(path: string, body: object): Promise<T> {
  const response = await fetch(`${setting("E2E_GOOGLE_ORIGIN")}/sandbox/api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`The sandbox refused ${path}: ${await response.text()}`);
  return (await response.json()) as T;
}

export async function clearFaults(): Promise<void> {
  await fetch(`${setting("E2E_GOOGLE_ORIGIN")}/sandbox/api/faults`, { method: "DELETE" });
}

/** Puts an hour into the account's main calendar, `days` days from today at ten o'clock UTC. Answers its id. */
export async function putEvent(
  account: GoogleAccount,
  summary: string,
  days = 1,
  more: object = {},
): Promise<string> {
  const day = isoDay(days);
  const event = {
    summary,
    start: { dateTime: `${day}T10:00:00Z` },
    end: { dateTime: `${day}T11:00:00Z` },
    ...more,
  };
  const { id } = await act<{ id: string }>("calendar/events/create", { account: account.email, event });
  return id;
}

/** `2026-12-01`, so many days from today in UTC. */
export function isoDay(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

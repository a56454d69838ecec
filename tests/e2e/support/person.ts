import type { APIRequestContext, BrowserContext } from "@playwright/test";
import type { Database } from "@/db/client";
import type { AuthorizedUserId } from "@/lib/organizations/context";
import { openSession } from "@/lib/organizations/sessions";
import { randomToken } from "@/lib/platform/crypto";
import { createPerson } from "@/tests/support/factories";
import { setting } from "./environment";
import { act, type GoogleAccount } from "./sandbox";

const A_DAY_MS = 86_400_000;

export interface SignedInPerson {
  userId: AuthorizedUserId;
  sessionToken: string;
}

/** Somebody new, signed in in this browser without going through the sign-in pages. */
export async function signInSomebody(db: Database, context: BrowserContext): Promise<SignedInPerson> {
  const { userId } = await createPerson(db);
  const sessionToken = randomToken();
  const expiresAt = new Date(Date.now() + A_DAY_MS);
  await openSession(db, { token: sessionToken, userId, expiresAt, replaces: null });
  const url = setting("E2E_APP_URL");
  await context.addCookies([{ name: "next-auth.session-token", value: sessionToken, url, httpOnly: true }]);
  return { userId, sessionToken };
}

export interface Integration {
  id: string;
  status: string;
  statusReason: string | null;
  calendars: { id: string; name: string; checkForConflicts: boolean }[];
  settings: Record<string, unknown>;
  lastRun: { id: string; status: string } | null;
}

const api = () => `${setting("E2E_APP_URL")}/api/v1`;

/** Connects an account in this browser by address alone: no page, no popup. Answers the outcome. */
export async function connectByAddress(
  request: APIRequestContext,
  account: GoogleAccount,
  wish: { integrationId?: string; scopes?: string[] } = {},
): Promise<string | null> {
  const query = new URLSearchParams({ returnTo: "/integrations" });
  if (wish.integrationId !== undefined) query.set("integrationId", wish.integrationId);
  const start = await request.get(`${setting("E2E_APP_URL")}/api/integrations/google/connect?${query}`, {
    maxRedirects: 0,
  });
  const { redirectTo } = await act<{ redirectTo: string }>("consent", {
    authorizationUrl: start.headers().location,
    account: account.email,
    ...(wish.scopes && { scopes: wish.scopes }),
  });
  const end = await request.get(redirectTo, { maxRedirects: 0 });
  return new URL(end.headers().location ?? "", setting("E2E_APP_URL")).searchParams.get("connect");
}

export async function integrations(request: APIRequestContext): Promise<Integration[]> {
  const response = await request.get(`${api()}/integrations`);
  return ((await response.json()) as { data: Integration[] }).data;
}

/** "Sync now" from elsewhere, e.g. another program of the same person. */
export async function syncElsewhere(request: APIRequestContext, integrationId: string): Promise<number> {
  const response = await request.post(`${api()}/integrations/${integrationId}/sync`, {
    headers: { origin: setting("E2E_APP_URL") },
  });
  return response.status();
}

export async function unavailabilities(
  request: APIRequestContext,
): Promise<{ title: string; source: string }[]> {
  const from = new Date(Date.now() - A_DAY_MS).toISOString();
  const to = new Date(Date.now() + 30 * A_DAY_MS).toISOString();
  const response = await request.get(`${api()}/unavailabilities?from=${from}&to=${to}`);
  return ((await response.json()) as { data: { title: string; source: string }[] }).data;
}

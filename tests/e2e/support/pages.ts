import { globSync } from "node:fs";
import type { APIRequestContext } from "@playwright/test";
import { setting } from "./environment";

interface PageAddresses {
  signedIn: boolean;
  /** Addresses that together show what the page can look like. */
  addresses: (request: APIRequestContext) => string[] | Promise<string[]>;
}

/** Every page file below `app/`, and where to find it. A file missing here fails the tests that use this. */
export const PAGES: Record<string, PageAddresses> = {
  // Leads on to the integrations and shows nothing of its own.
  "page.tsx": { signedIn: true, addresses: () => [] },
  "sign-in/page.tsx": { signedIn: false, addresses: () => ["/sign-in?error=failed"] },
  "connect/finished/page.tsx": {
    signedIn: true,
    addresses: () => ["/connect/finished?outcome=denied", "/connect/finished?outcome=limited"],
  },
  "(dashboard)/integrations/page.tsx": {
    signedIn: true,
    addresses: () => ["/integrations?connect=state_mismatch"],
  },
  "(dashboard)/integrations/connect/[token]/page.tsx": {
    signedIn: true,
    addresses: async (request) => [await connectLink(request)],
  },
  "(dashboard)/calendar/page.tsx": {
    signedIn: true,
    addresses: () => ["/calendar", "/calendar?view=day", "/calendar?view=list"],
  },
  "(dashboard)/history/page.tsx": { signedIn: true, addresses: () => ["/history"] },
  "(dashboard)/history/statistics/page.tsx": {
    signedIn: true,
    addresses: () => ["/history/statistics", "/history/statistics?days=90"],
  },
  "(dashboard)/settings/page.tsx": { signedIn: true, addresses: () => ["/settings"] },
};

export function pageFiles(): string[] {
  return globSync("**/page.tsx", { cwd: new URL("../../../app/", import.meta.url).pathname }).sort();
}

async function connectLink(request: APIRequestContext): Promise<string> {
  const answer = await request.post("/api/v1/integrations/google/connect", {
    headers: { origin: setting("E2E_APP_URL") },
  });
  const { authorizationUrl } = (await answer.json()) as { authorizationUrl: string };
  return authorizationUrl;
}

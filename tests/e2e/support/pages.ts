import { globSync } from "node:fs";
import type { APIRequestContext } from "@playwright/test";
import type { Database } from "@/db/client";
import { notify, resolveNotice } from "@/lib/organizations/notify";
import { newId } from "@/lib/platform/ids";
import { NOTICE_KINDS } from "@/lib/reporting/notice-words";
import { openBulkChange } from "./bulk-change";
import { makeBooking, makeService } from "./desk";
import { setting } from "./environment";
import { formPath, offerSomething } from "./offer";
import { bookSomething, cancelSomething } from "./plain-form";

interface PageAddresses {
  signedIn: boolean;
  /** Addresses that together show what the page can look like. */
  addresses: (request: APIRequestContext, db: Database) => string[] | Promise<string[]>;
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
  "(dashboard)/notifications/page.tsx": {
    signedIn: true,
    addresses: async (request, db) => {
      await tellOfEverything(request, db);
      return ["/notifications"];
    },
  },
  "(dashboard)/integrations/changes/[id]/page.tsx": {
    signedIn: true,
    addresses: async (request, db) => {
      await booked(request);
      const address = await openBulkChange(request, db);
      return [`${address}?done=restore`, `${address}?refused=busy`, "/integrations", "/calendar?view=list"];
    },
  },
  "(dashboard)/calendar/page.tsx": {
    signedIn: true,
    addresses: () => ["/calendar", "/calendar?view=day", "/calendar?view=list"],
  },
  "(dashboard)/bookings/page.tsx": {
    signedIn: true,
    addresses: async (request) => {
      await booked(request);
      return ["/bookings", "/bookings?show=past"];
    },
  },
  "(dashboard)/bookings/new/page.tsx": {
    signedIn: true,
    addresses: async (request) => {
      await makeService(request, { location: "12 rue des Lilas" });
      return ["/bookings/new"];
    },
  },
  "(dashboard)/bookings/[id]/page.tsx": {
    signedIn: true,
    addresses: async (request) => [`/bookings/${await booked(request)}`],
  },
  "(dashboard)/bookings/[id]/edit/page.tsx": {
    signedIn: true,
    addresses: async (request) => [`/bookings/${await booked(request)}/edit`],
  },
  "(dashboard)/bookings/[id]/move/page.tsx": {
    signedIn: true,
    addresses: async (request) => [`/bookings/${await booked(request)}/move`],
  },
  "(dashboard)/services/page.tsx": {
    signedIn: true,
    addresses: async (request) => {
      await makeService(request, { price: { amount: 60, currency: "EUR" } });
      return ["/services"];
    },
  },
  "(dashboard)/services/new/page.tsx": { signedIn: true, addresses: () => ["/services/new"] },
  "(dashboard)/services/[id]/page.tsx": {
    signedIn: true,
    addresses: async (request) => [`/services/${(await makeService(request)).id}`],
  },
  "(dashboard)/hours/page.tsx": { signedIn: true, addresses: () => ["/hours"] },
  "(dashboard)/history/page.tsx": { signedIn: true, addresses: () => ["/history"] },
  "(dashboard)/history/statistics/page.tsx": {
    signedIn: true,
    addresses: () => ["/history/statistics", "/history/statistics?days=90"],
  },
  "book/[handle]/page.tsx": {
    signedIn: false,
    addresses: async (_, db) => [
      (await offerSomething(db)).providerPath,
      (await offerSomething(db, { active: false })).providerPath,
    ],
  },
  "book/[handle]/[service]/page.tsx": {
    signedIn: false,
    addresses: async (_, db) => {
      const { path, starts } = await offerSomething(db, { kind: "intervention", location: null });
      const form = formPath(path, (await starts())[0]);
      return [path, `${path}?from=2999-01-01`, `${form}&zone=Asia/Kolkata`];
    },
  },
  "booking/[token]/page.tsx": {
    signedIn: false,
    addresses: async (request, db) => {
      const offer = await offerSomething(db);
      const kept = await bookSomething(request, offer);
      return [kept, await cancelSomething(request, await bookSomething(request, offer))];
    },
  },
  "booking/[token]/move/page.tsx": {
    signedIn: false,
    addresses: async (request, db) => {
      const offer = await offerSomething(db);
      const move = `${await bookSomething(request, offer)}/move`;
      return [move, formPath(move, (await offer.starts())[1])];
    },
  },
  "booking/[token]/cancel/page.tsx": {
    signedIn: false,
    addresses: async (request, db) => [`${await bookSomething(request, await offerSomething(db))}/cancel`],
  },
  "(dashboard)/settings/page.tsx": { signedIn: true, addresses: () => ["/settings"] },
};

export function pageFiles(): string[] {
  return globSync("**/page.tsx", { cwd: new URL("../../../app/", import.meta.url).pathname }).sort();
}

async function booked(request: APIRequestContext): Promise<string> {
  const service = await makeService(request);
  return (await makeBooking(request, service, { timeZone: "Asia/Tokyo", instructions: "Code 4512" })).id;
}

async function connectLink(request: APIRequestContext): Promise<string> {
  const answer = await request.post("/api/v1/integrations/google/connect", {
    headers: { origin: setting("E2E_APP_URL") },
  });
  const { authorizationUrl } = (await answer.json()) as { authorizationUrl: string };
  return authorizationUrl;
}

/** One notice of each kind for whoever is signed in, the last of them over. */
async function tellOfEverything(request: APIRequestContext, db: Database): Promise<void> {
  const { id: userId } = (await (await request.get(`${setting("E2E_APP_URL")}/api/v1/me`)).json()) as {
    id: string;
  };
  const now = new Date();
  const params = { provider: "google", account: "zoe@example.test", calendar: "Travail", code: "transient" };
  const details = { reason: "revoked", gone: 41, moved: 2, trouble: "schedule_stopped", job: "sync-tick" };
  for (const kind of NOTICE_KINDS) {
    const subject = { type: "integration", id: newId(now) } as const;
    const notice = { userId, kind, subject, params: { ...params, ...details }, dedupeKey: kind };
    await db.transaction((tx) => notify(tx, notice, now));
  }
  await db.transaction((tx) => resolveNotice(tx, userId, "operator", now));
}

import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { openBulkChange } from "./support/bulk-change";
import { makeBooking, makeService } from "./support/desk";
import { offerSomething } from "./support/offer";
import { syncElsewhere } from "./support/person";
import { act } from "./support/sandbox";
import { expect, test } from "./support/test";

const KILOBYTE = 1_000;

// Menus, dialogs and toasts load when first turned to; no page may grow back.
const pages = [
  { address: "/integrations", limit: 170 },
  { address: "/history", limit: 170 },
  { address: "/history/statistics", limit: 170 },
  { address: "/notifications", limit: 170 },
  { address: "/settings", limit: 170 },
  { address: "/calendar", limit: 170 },
  { address: "/services", limit: 170 },
  { address: "/services/new", limit: 170 },
  { address: "/services/{service}", limit: 170 },
  { address: "/hours", limit: 170 },
  { address: "{change}", limit: 170 },
  { address: "/bookings", limit: 170 },
  { address: "/bookings/new", limit: 170 },
  { address: "/bookings/{booking}", limit: 170 },
  { address: "/bookings/{booking}/edit", limit: 170 },
  { address: "/bookings/{booking}/move", limit: 170 },
] as const;

for (const { address, limit } of pages) {
  test(`${address} needs at most ${limit} kB of compressed scripts`, async ({
    page,
    connection,
    context,
    account,
    database,
  }) => {
    // Booked first: among events that are just being read a free time may not be free any more.
    const service = await makeService(context.request);
    const booking = await makeBooking(context.request, service);
    await act("calendar/bulk", { account: account.email, count: 60, days: 14 });
    await syncElsewhere(context.request, connection.id);
    const change = await openBulkChange(context.request, database.db);
    const scripts = weigh(page);
    const known = address.replace("{service}", service.id).replace("{booking}", booking.id);
    await page.goto(known.replace("{change}", change), {
      waitUntil: "networkidle",
    });
    expect(await scripts()).toBeLessThanOrEqual(limit);
  });
}

test("A service's public page needs at most 20 kB of compressed scripts", async ({ page, database }) => {
  const { path } = await offerSomething(database.db);
  const scripts = weigh(page);
  await page.goto(path, { waitUntil: "networkidle" });
  expect(await scripts()).toBeLessThanOrEqual(20);
});

/** From now on counts the scripts a page asks for. The answer is in compressed kB. */
function weigh(page: Page): () => Promise<number> {
  const sizes = new Map<string, Promise<number>>();
  page.on("response", (response) => {
    const script = response.headers()["content-type"]?.includes("javascript") ?? false;
    if (script)
      sizes.set(
        response.url(),
        response.body().then((body) => gzipSync(body).byteLength),
      );
  });
  return async () => {
    const bytes = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0);
    test.info().annotations.push({ type: "kB", description: (bytes / KILOBYTE).toFixed(1) });
    expect(sizes.size).toBeGreaterThan(0);
    return bytes / KILOBYTE;
  };
}

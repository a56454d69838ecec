import { gzipSync } from "node:zlib";
import { syncElsewhere } from "./support/person";
import { act } from "./support/sandbox";
import { expect, test } from "./support/test";

const KILOBYTE = 1_000;

// Menus, dialogs and toasts load when first turned to; no page may grow back.
const pages = [
  { address: "/integrations", limit: 170 },
  { address: "/history", limit: 170 },
  { address: "/history/statistics", limit: 170 },
  { address: "/settings", limit: 170 },
  { address: "/calendar", limit: 170 },
] as const;

for (const { address, limit } of pages) {
  test(`${address} needs at most ${limit} kB of compressed scripts`, async ({
    page,
    connection,
    context,
    account,
  }) => {
    await act("calendar/bulk", { account: account.email, count: 60, days: 14 });
    await syncElsewhere(context.request, connection.id);
    const sizes = new Map<string, Promise<number>>();
    page.on("response", (response) => {
      const script = response.headers()["content-type"]?.includes("javascript") ?? false;
      if (script)
        sizes.set(
          response.url(),
          response.body().then((body) => gzipSync(body).byteLength),
        );
    });
    await page.goto(address, { waitUntil: "networkidle" });
    const bytes = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0);
    test.info().annotations.push({ type: "kB", description: (bytes / KILOBYTE).toFixed(1) });
    expect(sizes.size).toBeGreaterThan(0);
    expect(bytes / KILOBYTE).toBeLessThanOrEqual(limit);
  });
}

import { existsSync } from "node:fs";
import { chromium, defineConfig, devices } from "@playwright/test";

/** The browser: named by hand, Playwright's own, or the system's. */
function chromiumPath(): string {
  const candidates = [
    process.env.PLAYWRIGHT_CHROMIUM,
    chromium.executablePath(),
    ...["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map(
      (name) => `/usr/bin/${name}`,
    ),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  const found = candidates.find((path) => path !== undefined && path !== "" && existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    "No Chromium found. Run `npm exec -- playwright install chromium` or `apt-get install chromium`, " +
      "or name one in PLAYWRIGHT_CHROMIUM.",
  );
}

const flags = [
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  // Without a graphics card the emulated one costs more than everything the tests look at.
  "--disable-gpu",
];

export default defineConfig({
  testDir: "tests/e2e",
  globalSetup: "./tests/support/e2e-setup.ts",
  outputDir: "test-results",
  workers: 1,
  // A second look on a busy machine; what needed one is named in the report.
  retries: process.env.CI === undefined ? 0 : 1,
  forbidOnly: process.env.CI !== undefined,
  // Limits end what hangs: a busy machine took fifty seconds for a page in two languages, themes and widths.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: process.env.E2E_APP_URL,
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    trace: "on-first-retry",
    launchOptions: {
      executablePath: chromiumPath(),
      // Chromium's own sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? [...flags, "--no-sandbox"] : flags,
    },
  },
});

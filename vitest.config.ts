import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const rooms = ["lib", "db", "inngest", "emails", "sandbox", "scripts", "app", "messages", "tests"];

export default defineConfig({
  resolve: { alias: { "@": resolve(import.meta.dirname) } },
  test: {
    include: rooms.map((room) => `${room}/**/*.test.{ts,tsx}`),
    exclude: ["**/node_modules/**", "tests/e2e/**"],
    globalSetup: "./tests/support/database-service.ts",
    pool: "forks",
    maxWorkers: 2,
    // Limits end what hangs; no test measures time by them, and a slow machine may take ten times as long as a quick one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 40_000,
    passWithNoTests: false,
    // As in the browser: a second look on a busy machine; the test command names what needed one.
    retry: process.env.CI === undefined ? 0 : 1,
    env: { TZ: "America/St_Johns", LOG_LEVEL: "silent" },
  },
});

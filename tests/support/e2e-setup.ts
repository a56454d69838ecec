import { startTestStack } from "./stack";

/** A browser test does in a minute what a person does in a day. */
const RATE_LIMITS = JSON.stringify({
  signIn: 10_000,
  connect: 10_000,
  sync: 10_000,
  api: 100_000,
  apiRefused: 10_000,
  publicBooking: 10_000,
});

const METRICS_TOKEN = "metrics-token-of-the-browser-tests";

/** Starts one stack for all browser tests; they find it in the environment. */
export default async function setup(): Promise<() => Promise<void>> {
  const stack = await startTestStack({ LOG_LEVEL: "warn", RATE_LIMITS, METRICS_TOKEN });
  process.env.E2E_APP_URL = stack.appUrl;
  process.env.E2E_GOOGLE_ORIGIN = stack.googleOrigin;
  process.env.E2E_DATABASE_URL = stack.databaseUrl;
  process.env.E2E_METRICS_TOKEN = METRICS_TOKEN;
  return () => stack.stop();
}

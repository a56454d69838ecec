import { createRuntime, type Runtime } from "@/inngest/runtime";
import { readEnv } from "@/lib/platform/env";
import { CLIENT } from "./scripted-issuer";

export const TEST_ORIGIN = "http://localhost:3000";

/** Seconds of a rate limit's window whose end no test meets: windows begin at multiples of their length. */
export const ONE_WINDOW = 1_000_000_000;

/** The product as it would be put together for this database and these stand-ins. */
export function createTestRuntime(
  databaseUrl: string,
  origins: Record<string, string>,
  settings: Record<string, string> = {},
): Runtime {
  return createRuntime(
    readEnv({
      APP_URL: TEST_ORIGIN,
      DATABASE_URL: databaseUrl,
      DATABASE_POOL: "5",
      NEXTAUTH_SECRET: "test-secret-7f3c1a9e5b2d48609182736",
      ENCRYPTION_KEYS: `k1:${Buffer.from("test-key-0123456789abcdefghijklm").toString("base64")}`,
      GOOGLE_CLIENT_ID: CLIENT.id,
      GOOGLE_CLIENT_SECRET: CLIENT.secret,
      PROVIDER_ORIGINS: JSON.stringify(origins),
      RATE_LIMITS: JSON.stringify({ signIn: 10_000, apiRefused: 10_000 }),
      ...settings,
    }),
  );
}

import { createRuntime, type Runtime } from "@/inngest/runtime";
import { readEnv } from "@/lib/platform/env";
import { VENDOR_ORIGINS } from "@/lib/platform/origins";
import { CLIENT } from "@/tests/support/google";

/** An installation as its processes see it; a test and the processes it starts share it. */
export function installationEnv(place: {
  databaseUrl: string;
  googleOrigin: string;
  appUrl?: string;
}): Record<string, string> {
  const google = VENDOR_ORIGINS.filter((vendor) => vendor.includes("google"));
  return {
    APP_URL: place.appUrl ?? "http://localhost:3000",
    NEXTAUTH_URL: place.appUrl ?? "http://localhost:3000",
    DATABASE_URL: place.databaseUrl,
    DATABASE_POOL: "5",
    NEXTAUTH_SECRET: "reliability-secret-5b2d48609182736-7f3c1a9e",
    ENCRYPTION_KEYS: `k1:${Buffer.from("reliability-key-0123456789abcdef").toString("base64")}`,
    GOOGLE_CLIENT_ID: CLIENT.clientId,
    GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
    PROVIDER_ORIGINS: JSON.stringify(
      Object.fromEntries(google.map((vendor) => [vendor, place.googleOrigin])),
    ),
    RATE_LIMITS: JSON.stringify({
      signIn: 10_000,
      connect: 10_000,
      sync: 10_000,
      api: 100_000,
      apiRefused: 10_000,
    }),
    JOBS: "embedded",
    LOG_LEVEL: "warn",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

export function installationRuntime(env: Record<string, string>): Runtime {
  return createRuntime(readEnv(env));
}

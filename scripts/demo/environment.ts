import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../lib/operator-error";
import { dataDirectory } from "../lib/paths";
import { type DemoSecrets, readSecrets } from "./secrets";

/** Where a running demo can be reached. */
export interface DemoAddresses {
  appUrl: string;
  googleOrigin: string;
  /** The sandbox's mail server, `smtp://127.0.0.1:4025`. */
  smtpUrl: string;
}

/** Where a demo is unless something else is in the way. */
export const USUAL_ADDRESSES: DemoAddresses = {
  appUrl: "http://localhost:3000",
  googleOrigin: "http://127.0.0.1:4010",
  smtpUrl: "smtp://127.0.0.1:4025",
};

const GOOGLE = [
  "https://accounts.google.com",
  "https://oauth2.googleapis.com",
  "https://openidconnect.googleapis.com",
  "https://www.googleapis.com",
  "https://people.googleapis.com",
];

/** The environment of a product that talks to the sandbox, without its database. */
export function demoEnvironment(addresses: DemoAddresses, secrets: DemoSecrets): Record<string, string> {
  const origins = Object.fromEntries(GOOGLE.map((origin) => [origin, addresses.googleOrigin]));
  return {
    ...secrets,
    APP_URL: addresses.appUrl,
    NEXTAUTH_URL: addresses.appUrl,
    PORT: new URL(addresses.appUrl).port || "80",
    GOOGLE_CLIENT_ID: "entente-demo-client.apps.example.test",
    GOOGLE_CLIENT_SECRET: "sandbox-client-secret-not-for-production",
    PROVIDER_ORIGINS: JSON.stringify(origins),
    SMTP_URL: addresses.smtpUrl,
    MAIL_FROM: "Entente <entente@example.test>",
    JOBS: "embedded",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

/** Leaves the addresses where other programs of this checkout find them. */
export function announceDemo(directory: string, addresses: DemoAddresses): void {
  writeFileSync(join(directory, "demo.json"), `${JSON.stringify(addresses)}\n`);
}

/** The environment of this checkout's demo as it last ran; undefined when it never did. */
export function lastDemoEnvironment(directory = dataDirectory): Record<string, string> | undefined {
  const secrets = readSecrets(directory);
  if (secrets === undefined) return undefined;
  try {
    const known = JSON.parse(readFileSync(join(directory, "demo.json"), "utf8")) as Partial<DemoAddresses>;
    return demoEnvironment({ ...USUAL_ADDRESSES, ...known }, secrets);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

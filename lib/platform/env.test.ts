import { describe, expect, it } from "vitest";
import { EnvironmentError, readEnv } from "@/lib/platform/env";

const good = {
  APP_URL: "https://entente.example.test",
  DATABASE_URL: "postgres://app@db.example.test/entente",
  NEXTAUTH_SECRET: "3f1c9a7e5b2d4860918273645afbecd0",
  ENCRYPTION_KEYS: `k2:${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`,
  GOOGLE_CLIENT_ID: "client",
  GOOGLE_CLIENT_SECRET: "client-secret",
};

function faultsOf(change: Record<string, string | undefined>): string[] {
  try {
    readEnv({ ...good, ...change });
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
  return [];
}

describe("the environment", () => {
  it("is accepted when it is sound", () => {
    expect(readEnv(good)).toMatchObject({
      JOBS: "embedded",
      PORT: 3000,
      appOrigin: "https://entente.example.test",
    });
  });

  it("names every fault at once", () => {
    const faults = faultsOf({
      NEXTAUTH_SECRET: "short",
      ENCRYPTION_KEYS: `a:${Buffer.alloc(32).toString("base64")},b:dG9vc2hvcnQ=`,
      GOOGLE_CLIENT_SECRET: undefined,
      DATABASE_URL: undefined,
      PORT: "many",
    });
    for (const word of [
      "NEXTAUTH_SECRET",
      "key 1 (a)",
      "key 2 (b)",
      "GOOGLE_CLIENT_SECRET",
      "DATABASE_URL",
      "PORT",
    ]) {
      expect(faults.join("\n")).toContain(word);
    }
  });

  it.each([
    ["NEXTAUTH_SECRET", { NEXTAUTH_SECRET: undefined }],
    ["NEXTAUTH_SECRET", { NEXTAUTH_SECRET: "a".repeat(64) }],
    ["NEXTAUTH_SECRET", { NEXTAUTH_SECRET: "replace-this-with-32-random-bytes-or-more" }],
    ["ENCRYPTION_KEYS", { ENCRYPTION_KEYS: "no-colon" }],
    ["At least one vendor", { GOOGLE_CLIENT_ID: undefined, GOOGLE_CLIENT_SECRET: undefined }],
    ["APP_URL must be https", { APP_URL: "http://entente.example.test" }],
    ["PROVIDER_ORIGINS", { PROVIDER_ORIGINS: '{"https://www.googleapis.com":"http://127.0.0.1:4010"}' }],
    ["INNGEST_DEV", { INNGEST_DEV: "1" }],
    ["INNGEST_SIGNING_KEY", { JOBS: "inngest" }],
    ["INNGEST_EVENT_KEY", { INNGEST_SIGNING_KEY: "signkey-prod-0123456789abcdef" }],
    ["SMTP_URL", { SMTP_URL: "mail.example.test", MAIL_FROM: "a@example.test" }],
    ["MAIL_FROM is missing", { SMTP_URL: "smtp://mail.example.test" }],
    ["MAIL_FROM must be", { SMTP_URL: "smtp://mail.example.test", MAIL_FROM: "a@b\r\nBcc: c@d" }],
    ["RATE_LIMITS", { RATE_LIMITS: '{"nope": 1}' }],
  ])("refuses a fault in %s", (name, change) => {
    expect(faultsOf(change).join("\n")).toContain(name);
  });

  it("needs no keys of an Inngest server where a developer's runs the jobs, or none does", () => {
    const local = { APP_URL: "http://localhost:3000" };
    expect(faultsOf({ ...local, JOBS: "inngest", INNGEST_DEV: "1" })).toEqual([]);
    expect(faultsOf({ JOBS: "embedded", INNGEST_SIGNING_KEY: "signkey-prod-0123456789abcdef" })).toEqual([]);
  });

  it("needs no mail server, and takes one with a sender", () => {
    expect(readEnv(good).mail).toBeNull();
    const mailing = {
      ...good,
      SMTP_URL: "smtps://u:p@mail.example.test",
      MAIL_FROM: "Kim <kim@example.test>",
    };
    expect(readEnv(mailing).mail).toMatchObject({
      server: { host: "mail.example.test", port: 465 },
      from: { name: "Kim", address: "kim@example.test" },
    });
  });

  it("accepts stand-ins and a missing database only on loopback, and stand-ins only on loopback targets", () => {
    const local = { APP_URL: "http://localhost:3000", DATABASE_URL: undefined };
    const map = (to: string) => ({
      ...local,
      PROVIDER_ORIGINS: JSON.stringify({ "https://www.googleapis.com": to }),
    });
    expect(faultsOf(map("http://127.0.0.1:4010"))).toEqual([]);
    expect(faultsOf(map("http://10.0.0.1:80")).join()).toContain("not on loopback");
    expect(
      faultsOf({ ...local, PROVIDER_ORIGINS: '{"https://evil.test":"http://127.0.0.1:1"}' }).join(),
    ).toContain("unknown");
    expect(faultsOf({ ...local, PROVIDER_ORIGINS: "[]" }).join()).toContain("JSON object");
  });
});

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readEnv } from "@/lib/platform/env";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(resolve(root, path), "utf8");
const compose = read("compose.yaml");

/** A service's own lines. The file keeps to two spaces a level, so this needs no parser. */
function service(name: string): string {
  return new RegExp(`^ {2}${name}:\\n((?: {4}.*\\n|\\n)+)`, "m").exec(compose)?.[1] ?? "";
}

function environmentOf(name: string): Map<string, string> {
  const [, block = ""] = /^ {4}environment:\n((?: {6}.*\n)+)/m.exec(service(name)) ?? [];
  return new Map(
    [...block.matchAll(/^ {6}([A-Z_]+): (.*)$/gm)].map(([, key = "", value = ""]) => [key, value]),
  );
}

/** As Compose fills in what `.env` says. */
function filled(name: string, given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...environmentOf(name)].map(([key, value]) => {
      const text = value.replace(
        /\$\{([A-Z_]+)(?::[-?][^}]*)?\}/g,
        (_whole, variable: string) => given[variable] ?? "",
      );
      return [key, text.replace(/^"(.*)"$/, "$1")];
    }),
  );
}

describe("compose.yaml (read, not run: there is no Docker where these tests are)", () => {
  it("gives the app only what its environment knows, and makes an environment it starts with", () => {
    const example = [...read(".env.example").matchAll(/^([A-Z][A-Z_]*)=/gm)].map(([, name]) => name);
    const names = [...environmentOf("app").keys()];
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !example.includes(name))).toEqual([]);
    const env = readEnv(
      filled("app", {
        APP_URL: "https://entente.example.com",
        POSTGRES_PASSWORD: "secret",
        NEXTAUTH_SECRET: "a-secret-of-a-test-7f3c1a9e5b2d48609182736",
        ENCRYPTION_KEYS: `k1:${Buffer.from("test-key-0123456789abcdefghijklm").toString("base64")}`,
        ...{ GOOGLE_CLIENT_ID: "id", GOOGLE_CLIENT_SECRET: "secret" },
        ...{ INNGEST_EVENT_KEY: "0fed", INNGEST_SIGNING_KEY: "0123" },
      }),
    );
    expect(env).toMatchObject({
      JOBS: "inngest",
      INNGEST_DEV: false,
      INNGEST_BASE_URL: "http://inngest:8288",
    });
    expect(env.DATABASE_URL).toBe("postgres://entente:secret@postgres:5432/entente");
  });

  it("names every setting an operator may give, except those that make no sense in a container", () => {
    const example = [...read(".env.example").matchAll(/^([A-Z][A-Z_]*)=/gm)].map(([, name = ""]) => name);
    const here = environmentOf("app");
    expect(example.filter((name) => !here.has(name)).sort()).toEqual([
      "DATABASE_POOL",
      "DATABASE_URL_DIRECT",
      "INNGEST_DEV",
      "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY",
      "PORT",
      "PROVIDER_ORIGINS",
    ]);
  });

  it("starts the server as it was tried, with the app's keys and no door to the outside", () => {
    expect(service("inngest")).toMatch(
      /command: inngest start --no-ui --sdk-url http:\/\/app:3000\/api\/inngest /,
    );
    expect(service("inngest")).not.toMatch(/^ {4}ports:/m);
    for (const key of ["INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY"]) {
      expect(environmentOf("inngest").get(key)).toBe(environmentOf("app").get(key));
    }
  });

  it("pins every image to a version and carries no password", () => {
    const images = [...compose.matchAll(/image: (\S+)/g)].map(([, image]) => image);
    expect(images).toHaveLength(5);
    expect(images.filter((image) => !/:v?\d+\.\d+/.test(image ?? ""))).toEqual([]);
    for (const [, name, value] of compose.matchAll(/(\w*(?:PASSWORD|SECRET|KEYS?|TOKEN)): (.+)/g)) {
      expect(`${name}: ${value}`).toMatch(/: \$\{[A-Z_]+:[?-]\}$/);
    }
  });
});

describe("Dockerfile (read, not run)", () => {
  const file = read("Dockerfile");

  it("pins its base, runs as nobody special, and asks whether it is ready", () => {
    expect([...file.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual(
      Array(2).fill("node:24.11.1-bookworm-slim"),
    );
    expect(file).toMatch(/^USER node$/m);
    expect(file).toContain("/api/health/ready");
    expect(file).not.toMatch(/^ARG|SECRET|_KEY/m);
  });

  it("takes no file of settings with it", () => {
    const ignored = read(".dockerignore").trim().split("\n");
    expect(ignored).toContain("**");
    expect(ignored.at(-1)).toBe("**/.env*");
  });
});

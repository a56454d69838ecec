import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { lightenPages } from "../build/lighten-pages";
import { OperatorError } from "../lib/operator-error";
import { root } from "../lib/paths";
import { type Service, startService } from "../lib/service";
import { within } from "../lib/wait";

const BUILD_LIMIT_MS = 10 * 60_000;
const stamp = resolve(root, ".next/BUILD_INPUT");

/** What a build does not read: programs beside the app, tests, words for people, and what builds leave behind. */
const IGNORED = new Set([
  "node_modules",
  ".next",
  ".data",
  ".git",
  ".ci",
  "docs",
  "sandbox",
  "scripts",
  "tests",
  "test-results",
  "playwright-report",
  "next-env.d.ts",
]);
const SOURCE = /\.(tsx?|mts|cts|jsx?|mjs|cjs|css|json|sql|svg|png|ico|webp|woff2?|txt|webmanifest)$/;
const TEST = /\.test\.tsx?$|^vitest\.|^playwright\.|^biome\.json$|^\.dependency-cruiser/;

/** Whether the last build was made of the very sources that are here now. */
export function isBuilt(): boolean {
  return (
    existsSync(resolve(root, ".next/BUILD_ID")) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === inputHash()
  );
}

/** Builds the app. `onStart` receives the process, so that a signal in the middle can stop it. */
export async function buildApp(logs: string, onStart: (service: Service) => void): Promise<void> {
  const input = inputHash();
  const build = startService({
    name: "build",
    command: process.execPath,
    args: [resolve(root, "node_modules/next/dist/bin/next"), "build"],
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    log: join(logs, "build.log"),
    echo: false,
  });
  onStart(build);
  const how = await within(build.ended, BUILD_LIMIT_MS);
  if (how === undefined) {
    await build.stop(5_000);
    throw new OperatorError(`The build did not end in ten minutes. See ${join(logs, "build.log")}.`);
  }
  if (how !== "code 0") throw await build.failed;
  lightenPages(resolve(root, ".next"));
  writeFileSync(stamp, input);
}

function inputHash(): string {
  const hash = createHash("sha256").update(process.versions.node);
  for (const path of sources(root))
    hash.update(relative(root, path)).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

function sources(directory: string): string[] {
  const top = directory === root;
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !(top && IGNORED.has(name)) && !TEST.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return sources(path);
      return entry.isFile() && (SOURCE.test(entry.name) || entry.name.startsWith(".env")) ? [path] : [];
    });
}

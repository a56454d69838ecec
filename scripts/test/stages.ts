import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { OperatorError } from "../lib/operator-error";
import { dataDirectory, root } from "../lib/paths";

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const STAGE_LIMIT_MS = 30 * 60_000;
const reports = join(dataDirectory, "test-reports");

/** Counts as one test: the tools say themselves what is wrong. */
export async function checkStage(): Promise<Count> {
  const code = await run("npm", ["run", "--silent", "check"]);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

const vitestReport = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

export async function vitestStage(): Promise<Count> {
  const report = freshReport("vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await run(process.execPath, [
    resolve(root, "node_modules/vitest/vitest.mjs"),
    "run",
    ...reporters,
  ]);
  const found = vitestReport.parse(readReport(report));
  // A file that does not load has failed although none of its tests has.
  const broken = found.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const failed = found.numFailedTests + broken.length;
  return {
    passed: found.numPassedTests,
    failed: code === 0 && found.success ? failed : Math.max(failed, 1),
    skipped: found.numPendingTests + found.numTodoTests,
  };
}

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()).default([]),
});

export async function browserStage(): Promise<Count> {
  const report = freshReport("playwright.json");
  const code = await run(
    process.execPath,
    [resolve(root, "node_modules/@playwright/test/cli.js"), "test", "--reporter=list,json"],
    { PLAYWRIGHT_JSON_OUTPUT_NAME: report, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  );
  const { stats, errors } = playwrightReport.parse(readReport(report));
  // What passed at the second look (on CI alone) is named in the report above as flaky.
  const failed = stats.unexpected + errors.length;
  return {
    passed: stats.expected + stats.flaky,
    failed: code === 0 ? failed : Math.max(failed, 1),
    skipped: stats.skipped,
  };
}

function freshReport(name: string): string {
  mkdirSync(reports, { recursive: true });
  const path = join(reports, name);
  rmSync(path, { force: true });
  return path;
}

function readReport(path: string): unknown {
  if (!existsSync(path)) throw new OperatorError("The stage ended without a report.");
  return JSON.parse(readFileSync(path, "utf8"));
}

function run(command: string, args: string[], extra: Record<string, string> = {}): Promise<number> {
  const { NODE_ENV: _theirs, ...env } = { ...process.env, ...extra };
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: env as NodeJS.ProcessEnv,
    });
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      fail(new OperatorError(`${args.join(" ")} did not end in half an hour.`));
    }, STAGE_LIMIT_MS);
    child.once("error", fail);
    child.once("exit", (code) => {
      clearTimeout(limit);
      done(code ?? 1);
    });
  });
}

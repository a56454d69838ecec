import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { OperatorError } from "../lib/operator-error";
import { dataDirectory, root } from "../lib/paths";
import { broken, nothing, type Outcome, readPlaywright, readVitest } from "./reports";

const STAGE_LIMIT_MS = 30 * 60_000;
const reports = join(dataDirectory, "test-reports");

/** Counts as one test: the tools say themselves what is wrong. */
export async function checkStage(): Promise<Outcome> {
  const code = await run("npm", ["run", "--silent", "check"]);
  return code === 0 ? { ...nothing(), passed: 1 } : broken("npm run check, see above");
}

export async function vitestStage(): Promise<Outcome> {
  const report = freshReport("vitest.json");
  const code = await run(process.execPath, [
    resolve(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  return judge(code, readVitest(readReport(report)));
}

export async function browserStage(): Promise<Outcome> {
  const report = freshReport("playwright.json");
  const code = await run(
    process.execPath,
    [resolve(root, "node_modules/@playwright/test/cli.js"), "test", "--reporter=list,json"],
    { PLAYWRIGHT_JSON_OUTPUT_NAME: report, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  );
  return judge(code, readPlaywright(readReport(report)));
}

/** A program that says by its exit code that it failed has failed, whatever its report says. */
function judge(code: number, outcome: Outcome): Outcome {
  if (code === 0 || outcome.failed > 0) return outcome;
  return { ...outcome, failed: 1, failures: [`the program ended with ${code}, see above`] };
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

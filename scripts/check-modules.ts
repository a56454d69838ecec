import { spawnSync } from "node:child_process";
import { OperatorError } from "./lib/operator-error";
import { say } from "./lib/output";
import { root } from "./lib/paths";
import { runMain } from "./lib/run-main";

const ROOMS = ["app", "db", "emails", "inngest", "lib", "sandbox", "scripts", "tests"];
const SOURCE = /\.tsx?$/;

interface Report {
  modules: { source: string }[];
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
}

/** The room order, checked over every source file: a tool that saw fewer than there are has proven nothing. */
runMain(async () => {
  const report = cruise();
  const broken = report.summary.violations.map(({ rule, from, to }) => `  ${rule.name}: ${from} → ${to}`);
  if (broken.length > 0) throw new OperatorError(`Rooms are entered the wrong way:\n${broken.join("\n")}`);
  const seen = new Set(report.modules.map(({ source }) => source));
  const missed = sources().filter((path) => !seen.has(path));
  if (missed.length > 0)
    throw new OperatorError(`Not looked at:\n${missed.map((path) => `  ${path}`).join("\n")}`);
  say(`${seen.size} modules, every import in order.`);
  return 0;
});

function cruise(): Report {
  const run = spawnSync("depcruise", ["--output-type", "json", ...ROOMS], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (run.error !== undefined || run.stdout === "") {
    throw new OperatorError(`dependency-cruiser did not run: ${run.error?.message ?? run.stderr}`);
  }
  return JSON.parse(run.stdout) as Report;
}

/** Every source file of the rooms, tracked or about to be. */
function sources(): string[] {
  const list = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...ROOMS], {
    cwd: root,
    encoding: "utf8",
  });
  if (list.status !== 0) throw new OperatorError(`git did not list the sources: ${list.stderr}`);
  return list.stdout.split("\n").filter((path) => SOURCE.test(path) && !path.endsWith(".d.ts"));
}

import { describeFailure, say } from "./lib/output";
import { rerunUnderProjectNode } from "./lib/project-node";
import { runMain } from "./lib/run-main";
import { broken, type Outcome } from "./test/reports";
import { browserStage, checkStage, vitestStage } from "./test/stages";

const stages = [
  { name: "static checks", run: checkStage },
  { name: "unit, integration and simulation tests", run: vitestStage },
  { name: "browser tests", run: browserStage },
];

/**
 * Runs every stage, whatever the earlier ones gave, and closes with what failed, by name, and the sum.
 * A stage without tests has failed.
 */
runMain(async () => {
  const rerun = await rerunUnderProjectNode();
  if (rerun !== undefined) return rerun;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
  const lines: string[] = [];
  const outcomes: Outcome[] = [];
  for (const stage of stages) {
    say(`\n── ${stage.name}`);
    const began = performance.now();
    let outcome = await stage.run().catch((error: unknown) => {
      say(describeFailure(error));
      return broken(`${stage.name}: stopped, see above`);
    });
    if (outcome.passed + outcome.failed === 0) outcome = broken(`${stage.name}: no test ran`);
    lines.push(`${stage.name}: ${describe(outcome)} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    outcomes.push(outcome);
  }
  list(
    "Passed at the second look, which a busy machine may explain",
    outcomes.flatMap(({ unsteady }) => unsteady),
  );
  list(
    "Failed",
    outcomes.flatMap(({ failures }) => failures),
  );
  say(`\n${lines.join("\n")}\n`);
  const count = (part: "passed" | "failed" | "skipped") => outcomes.reduce((sum, one) => sum + one[part], 0);
  say(describe({ passed: count("passed"), failed: count("failed"), skipped: count("skipped") }));
  return count("failed") === 0 ? 0 : 1;
});

function list(title: string, names: string[]): void {
  if (names.length > 0) say(`\n${title}:\n${names.map((name) => `  ${name}`).join("\n")}`);
}

function describe({ passed, failed, skipped }: Pick<Outcome, "passed" | "failed" | "skipped">): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

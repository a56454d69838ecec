import { describeFailure, say } from "./lib/output";
import { rerunUnderProjectNode } from "./lib/project-node";
import { runMain } from "./lib/run-main";
import { browserStage, type Count, checkStage, vitestStage } from "./test/stages";

const stages = [
  { name: "static checks", run: checkStage },
  { name: "unit, integration and simulation tests", run: vitestStage },
  { name: "browser tests", run: browserStage },
];

/** Runs every stage, whatever the earlier ones gave, and closes with the sum. A stage without tests has failed. */
runMain(async () => {
  const rerun = await rerunUnderProjectNode();
  if (rerun !== undefined) return rerun;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
  const lines: string[] = [];
  const sum: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of stages) {
    say(`\n── ${stage.name}`);
    const began = performance.now();
    const count = await stage.run().catch((error: unknown): Count => {
      say(describeFailure(error));
      return { passed: 0, failed: 1, skipped: 0 };
    });
    if (count.passed + count.failed === 0) {
      say(`No test ran in the stage "${stage.name}".`);
      count.failed = 1;
    }
    lines.push(`${stage.name}: ${describe(count)} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    sum.passed += count.passed;
    sum.failed += count.failed;
    sum.skipped += count.skipped;
  }
  say(`\n${lines.join("\n")}\n`);
  say(describe(sum));
  return sum.failed === 0 ? 0 : 1;
});

function describe({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

import { spawnSync } from "node:child_process";
import { systemClock } from "@/lib/platform/clock";
import { say } from "./lib/output";
import { root } from "./lib/paths";
import { runMain } from "./lib/run-main";

/** The randomized simulation: `SEED=` the first seed, `SEEDS=` how many, `STEPS=` the length of each life. */
runMain(async () => {
  const SEED = process.env.SEED ?? String(systemClock().now().getTime() % 1_000_000_000);
  const SEEDS = process.env.SEEDS ?? (process.env.SEED === undefined ? "100" : "1");
  say(`SEED=${SEED} SEEDS=${SEEDS} STEPS=${process.env.STEPS ?? "40"}`);
  const run = spawnSync("vitest", ["run", "tests/simulation"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, SEED, SEEDS },
  });
  return run.status ?? 1;
});

import { loadEnvFiles } from "./lib/load-env-files";
import { rerunUnderProjectNode } from "./lib/project-node";
import { runMain } from "./lib/run-main";

// Only a command's result may reach standard output, and the product logs there.
process.env.LOG_LEVEL = "silent";

runMain(async () => {
  const rerun = await rerunUnderProjectNode();
  if (rerun !== undefined) return rerun;
  loadEnvFiles();
  const { runCommandLine } = await import("./entente/run-command-line");
  return runCommandLine(process.argv.slice(2));
});

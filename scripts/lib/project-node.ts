import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "./paths";

const WANTED_MAJOR = 22;

/** Under an older Node: runs the same command again under the one the project brings, and answers its exit code. */
export async function rerunUnderProjectNode(): Promise<number | undefined> {
  const node = resolve(root, "node_modules/.bin/node");
  const major = Number.parseInt(process.versions.node, 10);
  if (major >= WANTED_MAJOR || !existsSync(node) || process.env.ENTENTE_NODE_RERUN === "1") return undefined;
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, ENTENTE_NODE_RERUN: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("exit", (code) => done(code ?? 1));
  });
}

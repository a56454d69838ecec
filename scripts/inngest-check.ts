import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "@/lib/platform/clock";
import { buildApp, isBuilt } from "./demo/build-app";
import { checkServer, type ServerReport } from "./inngest/check-server";
import { findServer, HOW_TO_GET_IT } from "./inngest/find-server";
import { keepExchanges } from "./inngest/keep-exchanges";
import { recordProbes } from "./inngest/record-probes";
import type { ServerMode } from "./inngest/server-process";
import { describeFailure, say } from "./lib/output";
import { rerunUnderProjectNode } from "./lib/project-node";
import { runMain } from "./lib/run-main";

const MODES: readonly ServerMode[] = ["start", "dev"];

/**
 * The product with a real Inngest server, in both of its modes. Prints what came of it, with the date, and writes
 * nothing; `--record DIR` keeps what was said over the wire, for `tests/inngest/exchanges`.
 */
runMain(async () => {
  const rerun = await rerunUnderProjectNode();
  if (rerun !== undefined) return rerun;
  const { values } = parseArgs({ options: { record: { type: "string" } } });
  const program = findServer(process.env);
  if (program === null) {
    say(`not run: no Inngest server found (${today()}).\n\n${HOW_TO_GET_IT}`);
    return 2;
  }
  say(`${program}: ${spawnSync(program, ["version"], { encoding: "utf8" }).stdout.trim()}`);
  const scratch = mkdtempSync(join(tmpdir(), "entente-inngest-"));
  let failed = 0;
  try {
    if (!isBuilt()) {
      say("Building the app …");
      await buildApp(join(scratch, "logs"), () => undefined);
    }
    for (const mode of MODES) {
      const directory = mkdtempSync(join(scratch, `${mode}-`));
      try {
        const report = await checkServer(program, mode, directory);
        say(describe(report));
        if (values.record !== undefined) {
          const probes = mode === "start" ? await recordProbes(program, directory) : [];
          const kept = keepExchanges([...report.exchanges, ...probes]);
          writeFileSync(join(values.record, `${mode}.json`), `${JSON.stringify(kept, null, 2)}\n`);
        }
      } catch (error) {
        failed += 1;
        say(`inngest ${mode}, ${today()}: FAILED. ${describeFailure(error)}\nLogs: ${directory}`);
      }
    }
  } finally {
    if (failed === 0) rmSync(scratch, { recursive: true, force: true });
  }
  say(`${MODES.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

function today(): string {
  return systemClock().now().toISOString().slice(0, 10);
}

function describe(report: ServerReport): string {
  const { mode, functions, crons, readMs, changeMs, beats, calls, events } = report;
  return [
    `inngest ${mode}, ${today()}: passed`,
    `  registered ${functions} functions, ${crons} of them on a schedule`,
    `  a person's wish was worked off after ${readMs} ms, a change at the vendor was here after ${changeMs} ms`,
    `  schedule: ${beats.join(", ")}`,
    `  calls of the server: ${calls.signed} signed, ${calls.unsigned} unsigned; sends of the app: ${events}`,
  ].join("\n");
}

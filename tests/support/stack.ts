import { rmSync } from "node:fs";
import { join } from "node:path";
import { Parts, type Stack, startStack } from "@/scripts/demo/stack";
import { dataDirectory } from "@/scripts/lib/paths";
import { freePort } from "@/scripts/lib/ports";
import { makeScratch } from "./scratch";

export interface TestStack extends Stack {
  stop(): Promise<void>;
}

/** What the parts said stays here for whoever looks into a failure. */
const logs = join(dataDirectory, "test-reports/stack-logs");

/** The whole demo on free ports with data of its own: database, sandbox, built app. */
export async function startTestStack(env: Record<string, string> = {}): Promise<TestStack> {
  rmSync(logs, { recursive: true, force: true });
  const scratch = await makeScratch();
  const parts = new Parts();
  const stop = async () => {
    await parts.stop();
    await scratch.remove();
  };
  try {
    const ports = { appPort: await freePort(), googlePort: await freePort(), smtpPort: await freePort() };
    const say = (text: string) => process.stdout.write(`${text}\n`);
    const { directory } = scratch;
    const place = { directory, logs, host: "127.0.0.1", ...ports };
    const stack = await startStack(
      { ...place, env, mode: "start", fresh: false, durable: false, say },
      parts,
    );
    return { ...stack, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

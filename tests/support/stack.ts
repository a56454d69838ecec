import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Parts, type Stack, startStack } from "@/scripts/demo/stack";
import { dataDirectory } from "@/scripts/lib/paths";
import { freePort } from "@/scripts/lib/ports";
import { discardHome } from "@/scripts/postgres/home";

export interface TestStack extends Stack {
  stop(): Promise<void>;
}

/** The whole demo on free ports with data of its own: database, sandbox, built app. */
export async function startTestStack(env: Record<string, string> = {}): Promise<TestStack> {
  mkdirSync(dataDirectory, { recursive: true });
  const directory = mkdtempSync(join(dataDirectory, "test-stack-"));
  const parts = new Parts();
  const stop = async () => {
    await parts.stop();
    await discardHome(join(directory, "postgres"));
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const [appPort, googlePort] = [await freePort(), await freePort()];
    const stack = await startStack(
      {
        ...{
          directory,
          appPort,
          googlePort,
          env,
          host: "127.0.0.1",
          mode: "start",
          fresh: false,
          durable: false,
        },
        say: (text) => process.stdout.write(`${text}\n`),
      },
      parts,
    );
    return { ...stack, stop };
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode, OperatorError } from "../lib/operator-error";

export interface DemoSecrets {
  NEXTAUTH_SECRET: string;
  ENCRYPTION_KEYS: string;
  METRICS_TOKEN: string;
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: string;
}

/** This checkout's own secrets, made once: without them the stored tokens could not be read after a restart. */
export function demoSecrets(directory: string): DemoSecrets {
  return readSecrets(directory) ?? makeSecrets(directory);
}

/** The secrets if there are any. */
export function readSecrets(directory: string): DemoSecrets | undefined {
  const path = join(directory, "secrets.json");
  try {
    return JSON.parse(readFileSync(path, "utf8")) as DemoSecrets;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new OperatorError(
      `${path} cannot be read. If another user of this machine made it, run as that user; ` +
        "else `npm run demo -- --fresh` starts over.",
      { cause: error },
    );
  }
}

function makeSecrets(directory: string): DemoSecrets {
  const secrets = generate();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "secrets.json"), `${JSON.stringify(secrets, null, 2)}\n`, {
    mode: 0o600,
    flag: "wx",
  });
  return secrets;
}

function generate(): DemoSecrets {
  const random = (encoding: "base64" | "base64url") => randomBytes(32).toString(encoding);
  return {
    NEXTAUTH_SECRET: random("base64url"),
    ENCRYPTION_KEYS: `demo:${random("base64")}`,
    METRICS_TOKEN: random("base64url"),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: random("base64"),
  };
}

import { accessSync, constants } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** How a person gets one; said wherever none was found. */
export const HOW_TO_GET_IT = `An Inngest server is one program, \`inngest\`. Get it in one of these ways, anywhere outside this checkout:
  npm install --global inngest-cli      (fetches the program when it is installed)
  https://github.com/inngest/inngest    (releases, or \`go build ./cmd\`)
Then put it on the PATH, or name it: INNGEST_CLI=/path/to/inngest npm run inngest:check`;

/** The server's program: `INNGEST_CLI`, or the first `inngest` or `inngest-cli` on the PATH. Null: there is none. */
export function findServer(env: Readonly<Record<string, string | undefined>>): string | null {
  const given = env.INNGEST_CLI;
  if (given !== undefined && given !== "") return isProgram(resolve(given)) ? resolve(given) : null;
  for (const directory of (env.PATH ?? "").split(delimiter)) {
    for (const name of ["inngest", "inngest-cli"]) {
      const path = join(directory, name);
      if (directory !== "" && isProgram(path)) return path;
    }
  }
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not ours to run.
  }
}

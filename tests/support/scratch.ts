import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lockOwner } from "@/scripts/lib/lock";
import { dataDirectory } from "@/scripts/lib/paths";
import { discardHome } from "@/scripts/postgres/home";

const area = join(dataDirectory, "test-scratch");

export interface Scratch {
  directory: string;
  /** Where an embedded PostgreSQL keeps its state. */
  postgres: string;
  remove(): Promise<void>;
}

/** A directory for one test run, database included. What killed runs left behind is removed on the way. */
export async function makeScratch(): Promise<Scratch> {
  mkdirSync(area, { recursive: true });
  for (const name of readdirSync(area)) {
    const lock = join(area, name, "postgres/lock");
    if (existsSync(lock) && lockOwner(lock) === undefined) await remove(join(area, name));
  }
  const directory = mkdtempSync(join(area, "run-"));
  // The server's user must be able to pass, else its cluster would go to the temporary area.
  chmodSync(directory, 0o755);
  return { directory, postgres: join(directory, "postgres"), remove: () => remove(directory) };
}

async function remove(directory: string): Promise<void> {
  await discardHome(join(directory, "postgres"));
  rmSync(directory, { recursive: true, force: true });
}

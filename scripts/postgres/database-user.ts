import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { errorCode, OperatorError } from "../lib/operator-error";

/** Who the server runs as when we are root, which PostgreSQL refuses to be. Undefined: as ourselves. */
export type DatabaseUser = { uid: number; gid: number } | undefined;

/** The owner of an existing cluster, else `postgres`, else `nobody`. */
export function databaseUser(cluster: string): DatabaseUser {
  if (process.getuid?.() !== 0) return undefined;
  const user = ownerOf(cluster) ?? lookUp("postgres") ?? lookUp("nobody");
  if (user === undefined) {
    throw new OperatorError(
      "PostgreSQL does not run as root, and this system has no user `postgres` or `nobody`.\n" +
        "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of yours.",
    );
  }
  return user;
}

/** Whether that user can reach and enter a directory, asked of the system itself rather than computed from modes. */
export function canEnter(directory: string, user: DatabaseUser): boolean {
  const { status } = spawnSync("/bin/sh", ["-c", 'cd -- "$1"', "sh", directory], {
    cwd: "/",
    stdio: "ignore",
    ...user,
  });
  return status === 0;
}

function ownerOf(cluster: string): DatabaseUser {
  try {
    const { uid, gid } = statSync(cluster);
    return uid === 0 ? undefined : { uid, gid };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function lookUp(name: string): DatabaseUser {
  const [uid, gid] = [id("-u", name), id("-g", name)];
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function id(flag: string, name: string): number | undefined {
  const { status, stdout } = spawnSync("id", [flag, name], { encoding: "utf8" });
  const value = Number.parseInt(stdout, 10);
  return status === 0 && value > 0 ? value : undefined;
}

/** What the server's programs get of our environment: none of our secrets, no PG* variable, plain messages. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: "production", PATH: process.env.PATH, LC_ALL: "C" };
}

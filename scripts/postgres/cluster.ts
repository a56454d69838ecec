import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode, OperatorError } from "../lib/operator-error";
import type { Binaries } from "./binaries";
import { plainEnvironment } from "./database-user";
import { belongsToAnother, type Home, makePrivate } from "./home";

export const START_OVER = "`npm run demo -- --fresh` starts over with an empty one.";

/** Makes the cluster on first use, and refuses one that these programs cannot serve. Answers its password. */
export function openCluster(home: Home, binaries: Binaries, durable: boolean): string {
  if (!existsSync(home.cluster)) return createCluster(home, binaries, durable);
  const version = readVersion(home.cluster);
  if (version === undefined) {
    throw new OperatorError(
      `${home.cluster} is no PostgreSQL database any more (PG_VERSION is missing).\n${START_OVER}`,
    );
  }
  if (version !== binaries.major) {
    throw new OperatorError(
      `The database in ${home.cluster} was written by PostgreSQL ${version}, this is PostgreSQL ${binaries.major}.\n` +
        `Keep it by setting DATABASE_URL to a PostgreSQL ${version} that serves it; ${START_OVER}`,
    );
  }
  return readPassword(home);
}

/** The password of the cluster's only role. Whoever can read it can read the cluster. */
export function readPassword(home: Pick<Home, "state" | "cluster">): string {
  try {
    return readFileSync(join(home.state, "password"), "utf8").trim();
  } catch (error) {
    if (errorCode(error) === "EACCES") throw belongsToAnother(home.state, error);
    if (errorCode(error) !== "ENOENT") throw error;
    throw new OperatorError(`The password of the database in ${home.cluster} is gone.\n${START_OVER}`);
  }
}

/** initdb works in a draft directory, so that a half-made cluster is never taken for a whole one. */
function createCluster(home: Home, binaries: Binaries, durable: boolean): string {
  const password = randomBytes(24).toString("base64url");
  const name = randomBytes(6).toString("hex");
  const draft = join(home.directory, `cluster-${name}`);
  const passwordFile = join(home.directory, `password-${name}`);
  try {
    makePrivate(draft, home.user);
    writeFileSync(passwordFile, password, { mode: 0o600, flag: "wx" });
    if (home.user !== undefined) chownSync(passwordFile, home.user.uid, home.user.gid);
    initdb(home, binaries, draft, passwordFile, durable);
    writeFileSync(join(home.state, "password"), password, { mode: 0o600 });
    renameSync(draft, home.cluster);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
  }
  return password;
}

function initdb(
  home: Home,
  binaries: Binaries,
  target: string,
  passwordFile: string,
  durable: boolean,
): void {
  const args = ["-D", target, "-U", "entente", "-E", "UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"];
  args.push(`--pwfile=${passwordFile}`, ...(durable ? [] : ["--no-sync"]));
  let outcome = runInitdb(home, binaries, args);
  if (/invalid locale/.test(outcome.output)) {
    outcome = runInitdb(
      home,
      binaries,
      args.map((arg) => (arg.startsWith("--locale") ? "--locale=C" : arg)),
    );
  }
  if (outcome.ok) return;
  if (/could not look up effective user ID/.test(outcome.output)) throw namelessUser();
  throw (
    diskFull(outcome.output) ?? new OperatorError(`The database could not be made:\n${outcome.output.trim()}`)
  );
}

function namelessUser(): OperatorError {
  return new OperatorError(
    `PostgreSQL runs only as a user this system knows by name, and user id ${process.getuid?.()} has none ` +
      "(a container started with --user, perhaps).\n" +
      "Run as a named user or as root, or set DATABASE_URL to a PostgreSQL 15 or newer of yours.",
  );
}

function runInitdb(home: Home, binaries: Binaries, args: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr, error } = spawnSync(binaries.initdb, args, {
    cwd: "/",
    encoding: "utf8",
    timeout: 120_000,
    env: plainEnvironment(),
    ...home.user,
  });
  return { ok: status === 0, output: error?.message ?? `${stdout}${stderr}` };
}

export function diskFull(text: string): OperatorError | undefined {
  if (!/No space left on device|ENOSPC|Disk quota exceeded/i.test(text)) return undefined;
  return new OperatorError(
    "The disk is full, so the database cannot start. Make room and start again; nothing is lost.",
  );
}

function readVersion(cluster: string): string | undefined {
  try {
    return readFileSync(join(cluster, "PG_VERSION"), "utf8").trim();
  } catch (error) {
    if (errorCode(error) === "EACCES") throw belongsToAnother(cluster, error);
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

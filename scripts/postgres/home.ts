import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorCode, OperatorError } from "../lib/operator-error";
import { canEnter, type DatabaseUser, databaseUser } from "./database-user";
import { clearPredecessor } from "./predecessor";

/** Where a cluster lies. `state` belongs to us (lock, password, pointer); the server's user can enter `directory`. */
export interface Home {
  state: string;
  directory: string;
  cluster: string;
  user: DatabaseUser;
  /** Said to the person once, when something about the place is worth knowing. */
  notice?: string | undefined;
}

const POINTER = "location";

/**
 * Finds or makes the place for a cluster: the state directory itself, or, when the server's user cannot enter it,
 * a private directory in the system's temporary area that a pointer file in the state directory names.
 */
export function resolveHome(state: string, durable: boolean): Home {
  makeState(state);
  const pointed = readPointer(state);
  if (pointed !== undefined && ownership(pointed) === "foreign") throw notOurs(pointed);
  if (pointed !== undefined && ownership(pointed) === "ours") return homeAt(state, pointed);
  const inside = homeAt(state, state);
  if (inside.user === undefined || canEnter(state, inside.user)) return inside;
  if (existsSync(inside.cluster)) {
    throw new OperatorError(
      `The database in ${inside.cluster} can no longer be entered by its user (uid ${inside.user.uid}).\n` +
        `Let others pass through the directories above it (chmod o+x), or start over with --fresh.`,
    );
  }
  const directory = mkdtempSync(join(temporaryArea(durable, inside.user), "entente-postgres-"));
  chmodSync(directory, 0o711);
  writeFileSync(join(state, POINTER), directory, { mode: 0o600 });
  const notice =
    pointed === undefined
      ? `The database lies in ${directory}, because its user cannot enter ${state}.`
      : `The database that lay in ${pointed} is gone (temporary files get cleared); an empty one takes its place.`;
  return { ...homeAt(state, directory), notice };
}

/** Removes a cluster and everything the launcher keeps about it, wherever it lies. Call with the lock held. */
export async function discardHome(state: string): Promise<void> {
  const pointed = readPointer(state);
  const directory = pointed !== undefined && ownership(pointed) === "ours" ? pointed : state;
  await clearPredecessor({ state, cluster: join(directory, "cluster") });
  if (directory !== state) rmSync(directory, { recursive: true, force: true });
  for (const name of [POINTER, "cluster", "password", "server.json", "native"]) {
    rmSync(join(state, name), { recursive: true, force: true });
  }
}

/** An empty directory that only the server's user can read. */
export function makePrivate(directory: string, user: DatabaseUser): void {
  mkdirSync(directory, { mode: 0o700 });
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
}

function homeAt(state: string, directory: string): Home {
  const cluster = join(directory, "cluster");
  return { state, directory, cluster, user: databaseUser(cluster) };
}

function makeState(state: string): void {
  try {
    mkdirSync(state, { recursive: true });
  } catch (error) {
    throw new OperatorError(`Cannot make ${state}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

/** The area that survives a reboot, for a database that should; the server's user must be able to pass through. */
function temporaryArea(durable: boolean, user: DatabaseUser): string {
  const candidates = durable ? ["/var/tmp", tmpdir(), "/tmp"] : [tmpdir(), "/tmp", "/var/tmp"];
  const area = candidates.find((directory) => existsSync(directory) && canEnter(directory, user));
  if (area !== undefined) return area;
  throw new OperatorError(
    `The database's user (uid ${user?.uid}) can enter neither the checkout nor ${candidates.join(", ")}.\n` +
      "Set TMPDIR to a directory it can enter, or DATABASE_URL to a PostgreSQL of yours.",
  );
}

function readPointer(state: string): string | undefined {
  try {
    return readFileSync(join(state, POINTER), "utf8").trim() || undefined;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    if (errorCode(error) === "EACCES") throw belongsToAnother(state, error);
    throw error;
  }
}

/** The temporary area is everybody's: a directory there is ours only if we own it and it is no link. */
function ownership(directory: string): "ours" | "foreign" | "gone" {
  try {
    const found = lstatSync(directory);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
      ? "ours"
      : "foreign";
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "gone";
    throw error;
  }
}

function notOurs(directory: string): OperatorError {
  return new OperatorError(
    `${directory}, where the database of this checkout should lie, now belongs to someone else.\n` +
      "Look at it before you do anything, then start over with --fresh.",
  );
}

export function belongsToAnother(state: string, cause: unknown): OperatorError {
  return new OperatorError(
    `The database in ${state} was made by another user of this machine (root, perhaps). ` +
      "Run this as that user, or remove the directory.",
    { cause },
  );
}

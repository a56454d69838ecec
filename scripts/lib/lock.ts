import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { errorCode, OperatorError } from "./operator-error";
import { isRunning, ownIdentity, type ProcessIdentity } from "./process-identity";

export interface LockOwner extends ProcessIdentity {
  /** `server` stays until told to stop, `command` ends by itself. */
  kind: "server" | "command";
  /** Where the owner can be reached, once it can. */
  address?: string;
}

export interface Lock {
  /** Publishes how to reach the owner. */
  announce(address: string): void;
  release(): void;
}

/** Takes the lock, or answers who holds it. A lock whose owner no longer runs is taken over. */
export function takeLock(path: string, kind: LockOwner["kind"]): { lock: Lock } | { owner: LockOwner } {
  const self: LockOwner = { ...ownIdentity(), kind };
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (createLock(path, self)) return { lock: heldLock(path, self) };
    const owner = readOwner(path);
    if (owner !== undefined && isRunning(owner)) return { owner };
    moveAside(path, owner);
  }
  throw new OperatorError(
    `The lock file ${path} keeps changing. Remove it when nothing of this checkout runs.`,
  );
}

/** The running owner of a lock, if there is one. */
export function lockOwner(path: string): LockOwner | undefined {
  const owner = readOwner(path);
  return owner !== undefined && isRunning(owner) ? owner : undefined;
}

function createLock(path: string, self: LockOwner): boolean {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, JSON.stringify(self), { mode: 0o644, flag: "wx" });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function heldLock(path: string, self: LockOwner): Lock {
  const isOurs = () => readOwner(path)?.pid === self.pid;
  return {
    announce(address) {
      const draft = `${path}.${randomBytes(6).toString("hex")}`;
      writeFileSync(draft, JSON.stringify({ ...self, address }), { flag: "wx" });
      renameSync(draft, path);
    },
    release() {
      if (isOurs()) rmSync(path, { force: true });
    },
  };
}

/** Two takers may see the same dead owner; the one whose rename caught a living one puts it back. */
function moveAside(path: string, dead: LockOwner | undefined): void {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    renameSync(path, aside);
    const moved = readOwner(aside);
    if (moved !== undefined && moved.pid !== dead?.pid && isRunning(moved)) linkSync(aside, path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT" && errorCode(error) !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readOwner(path: string): LockOwner | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isOwner(value) ? value : undefined;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isOwner(value: unknown): value is LockOwner {
  return (
    typeof value === "object" &&
    value !== null &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "started" in value &&
    typeof value.started === "string"
  );
}

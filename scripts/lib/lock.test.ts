import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockOwner, takeLock } from "./lock";
import { ownIdentity } from "./process-identity";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "entente-lock-"));
  path = join(directory, "lock");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("a lock file", () => {
  it("is held by one, who can be found with the address announced", () => {
    const first = takeLock(path, "server");
    if (!("lock" in first)) throw new Error("not taken");
    first.lock.announce("http://localhost:3000");
    expect(takeLock(path, "command")).toEqual({
      owner: { ...ownIdentity(), kind: "server", address: "http://localhost:3000" },
    });
    first.lock.release();
    expect(lockOwner(path)).toBeUndefined();
    expect(takeLock(path, "command")).toHaveProperty("lock");
  });

  it.each([
    ["no longer runs", { pid: 2 ** 30, started: "1", kind: "server" }],
    ["had our process id in another life", { pid: process.pid, started: "1", kind: "server" }],
  ])("is taken over from an owner that %s", (_name, owner) => {
    writeFileSync(path, JSON.stringify(owner));
    expect(lockOwner(path)).toBeUndefined();
    expect(takeLock(path, "server")).toHaveProperty("lock");
  });

  it("is taken over when its content was cut off by a full disk", () => {
    writeFileSync(path, '{"pid":');
    expect(takeLock(path, "server")).toHaveProperty("lock");
  });
});

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findServer } from "./find-server";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "entente-find-"));
  for (const name of ["inngest", "no-program"]) writeFileSync(join(folder, name), "#!/bin/sh\n");
  chmodSync(join(folder, "inngest"), 0o755);
  chmodSync(join(folder, "no-program"), 0o644);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("an Inngest server's program", () => {
  it("is the one that was named, and no other when that one is not there", () => {
    const PATH = folder;
    expect(findServer({ PATH, INNGEST_CLI: join(folder, "inngest") })).toBe(join(folder, "inngest"));
    expect(findServer({ PATH, INNGEST_CLI: join(folder, "missing") })).toBeNull();
    expect(findServer({ PATH, INNGEST_CLI: join(folder, "no-program") })).toBeNull();
  });

  it("else the first on the PATH, and none where there is none", () => {
    expect(findServer({ PATH: ["/nowhere", folder].join(delimiter), INNGEST_CLI: "" })).toBe(
      join(folder, "inngest"),
    );
    expect(findServer({ PATH: "/nowhere" })).toBeNull();
    expect(findServer({})).toBeNull();
  });
});

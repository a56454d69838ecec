import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Service, startService, untilReady } from "./service";

const directory = mkdtempSync(join(tmpdir(), "entente-service-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function run(code: string): Service & { log: string } {
  const log = join(directory, `${randomUUID()}.log`);
  const place = { cwd: directory, env: process.env, log, echo: false };
  return { ...startService({ name: "part", command: process.execPath, args: ["-e", code], ...place }), log };
}

describe("a service", () => {
  it("tells how it ended, with its last lines, and keeps them in its log", async () => {
    const service = run("console.log('one'); console.error('two'); process.exitCode = 3");
    const failure = await service.failed;
    expect(failure.message).toMatch(/part ended \(code 3\)[\s\S]*two/);
    expect(readFileSync(service.log, "utf8").split("\n").sort()).toEqual(["", "one", "two"]);
  });

  it("that dies while awaited is reported at once", async () => {
    const service = run("process.exit(9)");
    await expect(untilReady(service, async () => false, 20_000)).rejects.toThrow(/code 9/);
  });

  it("is asked to end, and may clean up", async () => {
    const service = run(
      "process.on('SIGTERM', () => process.exit(7)); console.log('up'); setInterval(() => {}, 1000)",
    );
    await untilReady(service, async () => readFileSync(service.log, "utf8").includes("up"), 60_000);
    await service.stop(60_000);
    expect(await service.ended).toBe("code 7");
  });

  it("that ignores the question is killed after the grace", async () => {
    const service = run("process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)");
    await untilReady(service, async () => readFileSync(service.log, "utf8").includes("deaf"), 60_000);
    await service.stop(200);
    expect(await service.ended).toBe("SIGKILL");
  });

  it("that never becomes ready is given up with its name", async () => {
    const service = run("setInterval(() => {}, 1000) // slow");
    await expect(untilReady(service, async () => false, 150)).rejects.toThrow(/part did not become ready/);
    await service.stop(5_000);
  });
});

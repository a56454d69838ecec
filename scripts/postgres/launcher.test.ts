import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isPortFree } from "../lib/ports";
import { commandLineOf } from "../lib/process-identity";
import { waitFor } from "../lib/wait";
import { discardHome } from "./home";
import { connectOrStartPostgres, type Postgres, startPostgres } from "./launcher";
import { readPidFile } from "./predecessor";

let scratch: string;
let state: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "entente-launcher-"));
  // Only this test's own parent directory decides whether the server's user may pass.
  spawnSync("chmod", ["755", scratch]);
  state = join(scratch, "state");
});
afterEach(async () => {
  await discardHome(state);
  rmSync(scratch, { recursive: true, force: true });
});

const start = () => startPostgres({ state, durable: false });

function clusterOf(home: string): string {
  const pointer = join(home, "location");
  return join(existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : home, "cluster");
}

async function query<T>(server: Postgres, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(server.url, { max: 1, onnotice: () => undefined });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

const remember = (server: Postgres) => query(server, (sql) => sql`create table kept as select 42 as answer`);
const recall = (server: Postgres) =>
  query(server, (sql) => sql<{ answer: number }[]>`select answer from kept`.then(([row]) => row?.answer));

describe("the embedded PostgreSQL", () => {
  it("keeps its data and its port over a restart", async () => {
    const first = await start();
    await remember(first);
    await first.stop();
    const second = await start();
    expect(second.port).toBe(first.port);
    expect(await recall(second)).toBe(42);
    await second.stop();
  });

  it("recovers after a kill -9 of the server and goes on", async () => {
    const first = await start();
    await remember(first);
    await query(first, (sql) => sql`checkpoint`);
    process.kill(readPidFile(clusterOf(state)).pid ?? 0, "SIGKILL");
    await first.ended;
    await first.stop();
    const second = await start();
    expect(await recall(second)).toBe(42);
    await second.stop();
  });

  it("ends when its starter is killed, and the next start takes over", async () => {
    const code = `import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, "launcher.ts"))};
      await startPostgres({ state: ${JSON.stringify(state)}, durable: false });
      process.stdout.write("ready");
      setInterval(() => undefined, 60_000);`;
    const starter = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => starter.stdout.once("data", resolve));
    const pid = readPidFile(clusterOf(state)).pid ?? 0;
    starter.kill("SIGKILL");
    await waitFor(() => (commandLineOf(pid) === undefined ? true : undefined), {
      limitMs: 120_000,
      onLimit: () => new Error("the server outlived its starter"),
    });
    const second = await start();
    expect(await query(second, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it("names the process that runs it when started twice, and a command joins it instead", async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(new RegExp(`process ${process.pid} \\(on port ${first.port}\\)`));
    const joined = await connectOrStartPostgres(state);
    expect(joined).toMatchObject({ reused: true, port: first.port });
    await joined.stop();
    expect(await query(first, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await first.stop();
  });

  it("starts for a command alone and is gone afterwards", async () => {
    const server = await connectOrStartPostgres(state);
    expect(server.reused).toBe(false);
    await server.stop();
    expect(await isPortFree(server.port)).toBe(true);
  });

  it("takes another port when the one it had is taken", async () => {
    const first = await start();
    await first.stop();
    const { createServer } = await import("node:net");
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(first.port, "127.0.0.1", resolve));
    const second = await start();
    expect(second.port).not.toBe(first.port);
    await second.stop();
    squatter.close();
  });

  it("is not stopped by a postmaster.pid whose process is another program's", async () => {
    const first = await start();
    await first.stop();
    writeFileSync(
      join(clusterOf(state), "postmaster.pid"),
      `${process.pid}\n${clusterOf(state)}\n1\n1\n\n127.0.0.1\n`,
    );
    const second = await start();
    await second.stop();
  });

  it.skipIf(process.getuid?.() !== 0)(
    "lies in the temporary area, found by a pointer, when the server's user cannot enter the checkout",
    async () => {
      const closed = join(scratch, "closed");
      mkdirSync(closed, { mode: 0o700 });
      state = join(closed, "state");
      const first = await start();
      expect(first.notice).toMatch(/cannot enter/);
      await remember(first);
      await first.stop();
      expect(clusterOf(state).startsWith(state)).toBe(false);
      const second = await start();
      expect(await recall(second)).toBe(42);
      await second.stop();
    },
  );

  it.each([
    ["another major version", "12", /written by PostgreSQL 12.*--fresh/s],
    ["a missing version file", undefined, /no PostgreSQL database any more.*--fresh/s],
  ])("refuses %s and names --fresh", async (_name, version, message) => {
    await (await start()).stop();
    const file = join(clusterOf(state), "PG_VERSION");
    if (version === undefined) rmSync(file);
    else writeFileSync(file, `${version}\n`);
    await expect(start()).rejects.toThrow(message);
    await (await startPostgres({ state, durable: false, fresh: true })).stop();
  });

  it("says what the server said when the cluster is damaged", async () => {
    await (await start()).stop();
    rmSync(join(clusterOf(state), "global/pg_control"));
    await expect(start()).rejects.toThrow(/does not start[\s\S]*pg_control[\s\S]*--fresh/);
  });
});

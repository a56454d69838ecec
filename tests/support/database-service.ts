import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrate } from "@/db/migrate";
import { systemClock } from "@/lib/platform/clock";
import { type Postgres, startPostgres } from "@/scripts/postgres/launcher";
import { makeScratch, type Scratch } from "./scratch";

declare module "vitest" {
  export interface ProvidedContext {
    testDatabaseService: string;
  }
}

/** What a test file needs to make itself a database. */
export interface TestCluster {
  adminUrl: string;
  template: string;
}

/**
 * One PostgreSQL and one migrated template for the whole run, started when the first test file asks for a database,
 * so that a run of pure tests starts none.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const token = randomBytes(16).toString("hex");
  const service = new Service();
  const server = createServer((request, response) => {
    if (request.url !== `/${token}`) return void response.writeHead(404).end();
    service.cluster().then(
      (cluster) => response.end(JSON.stringify(cluster)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The database service has no port");
  project.provide("testDatabaseService", `http://127.0.0.1:${address.port}/${token}`);
  return async () => {
    server.close();
    await service.stop();
  };
}

class Service {
  #started: Promise<TestCluster> | undefined;
  #server: Postgres | undefined;
  #scratch: Scratch | undefined;
  #adminUrl = "";
  #template = "";

  cluster(): Promise<TestCluster> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async stop(): Promise<void> {
    await this.#started?.catch(() => undefined);
    if (this.#scratch === undefined && this.#template !== "")
      await dropTemplate(this.#adminUrl, this.#template);
    await this.#server?.stop();
    await this.#scratch?.remove();
  }

  async #start(): Promise<TestCluster> {
    this.#adminUrl = process.env.TEST_DATABASE_URL ?? (await this.#startOwn());
    this.#template = `entente_template_${randomBytes(6).toString("hex")}`;
    await makeTemplate(this.#adminUrl, this.#template);
    return { adminUrl: this.#adminUrl, template: this.#template };
  }

  async #startOwn(): Promise<string> {
    this.#scratch = await makeScratch();
    this.#server = await startPostgres({ state: this.#scratch.postgres, durable: false });
    return this.#server.url;
  }
}

async function makeTemplate(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, (sql) => sql`create database ${sql(name)}`);
  await migrate(withDatabase(adminUrl, name), systemClock().now());
}

async function dropTemplate(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`);
}

export async function asAdmin(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

export function withDatabase(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMail } from "@/sandbox/mail/read-mail";
import { freePort } from "@/scripts/lib/ports";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { CLIENT } from "@/tests/support/google";
import { startTestSandbox, type TestSandbox } from "@/tests/support/sandbox";
import { type AppBrowser, openAppBrowser } from "./app-browser";
import { installationEnv } from "./installation";
import { ensureBuilt, type Killable, startApp } from "./processes";

const ACCOUNT = "alice@example.test";

/** What somebody else may write into an invitation: markup, a made-up log line, a formula, turned text. */
const HOSTILE = `<img src=x onerror="alert(1)">\n{"level":60,"admin":true} =HYPERLINK("x") \u202Egnp.exe`;

/** Loaded before everything else of the app: notes where each of its sockets goes. */
const RECORDER = `
const { Socket } = require("node:net");
const { appendFileSync } = require("node:fs");
const note = (line) => appendFileSync(process.env.SOCKET_RECORD, line + "\\n");
const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...given) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  const at = typeof options === "object" ? options : { port: given[0], host: given[1] };
  note(at.path ? "path " + at.path : (at.host || "localhost") + ":" + at.port);
  this.once("connect", () => this.remoteAddress && note(this.remoteAddress + ":" + this.remotePort));
  return connect.apply(this, given);
};
const dgram = require("node:dgram");
const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function (...given) { note("udp"); return send.apply(this, given); };
`;

let scratch: string;
let database: TestDatabase;
let google: TestSandbox;
let smtp: string;
let app: Killable;
let browser: AppBrowser;
let env: Record<string, string>;

beforeAll(async () => {
  await ensureBuilt();
  scratch = mkdtempSync(join(tmpdir(), "entente-sockets-"));
  writeFileSync(join(scratch, "recorder.cjs"), RECORDER);
  database = await createTestDatabase();
  await rememberEveryRow();
  google = await startTestSandbox();
  smtp = await google.sandbox.mail.listen();
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}`;
  env = {
    ...installationEnv({ databaseUrl: database.url, googleOrigin: google.origin, appUrl }),
    SMTP_URL: smtp,
    MAIL_FROM: "Entente <entente@example.test>",
    LOG_LEVEL: "trace",
    METRICS_TOKEN: "metrics-token-0123456789-abcdef",
    NODE_OPTIONS: `--require ${join(scratch, "recorder.cjs")}`,
    SOCKET_RECORD: join(scratch, "sockets"),
  };
  app = await startApp(env, port);
  browser = openAppBrowser(appUrl, google.origin);
  await wholeWay();
}, 900_000);

afterAll(async () => {
  await app?.kill();
  await google?.close();
  await database?.drop();
  rmSync(scratch, { recursive: true, force: true });
});

/** Every version of every row that is ever written, not only those that happen to be there at the end. */
async function rememberEveryRow(): Promise<void> {
  await database.db.execute(sql`create table every_row (relation text, version text)`);
  await database.db.execute(sql`create function remember() returns trigger language plpgsql as $$
    begin insert into every_row values (tg_table_name, to_jsonb(new)::text); return null; end $$`);
  const tables = await database.db.execute<{ name: string }>(sql`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'every_row'`);
  for (const { name } of tables) {
    await database.db.execute(sql`create trigger remember after insert or update on ${sql.identifier(name)}
      for each row execute function remember()`);
  }
}

interface Integration {
  id: string;
  status: string;
  lastRun: { id: string; status: string } | null;
  calendars: { id: string }[];
}

async function integration(): Promise<Integration | undefined> {
  const { body } = await browser.get("/api/v1/integrations");
  return (JSON.parse(body) as { data: Integration[] }).data.find(({ status }) => status !== "disconnecting");
}

async function untilSynced(status: "succeeded" | "failed"): Promise<void> {
  await eventually(`a run ${status}`, async () => (await integration())?.lastRun?.status === status);
}

const PAGES = ["/", "/sign-in", "/integrations", "/calendar", "/history", "/settings", "/nothing-here"];

async function act(what: string, body: object): Promise<void> {
  const url = `${google.origin}/sandbox/api/calendar/${what}`;
  const answer = await fetch(url, { method: "POST", body: JSON.stringify({ account: ACCOUNT, ...body }) });
  if (!answer.ok) throw new Error(await answer.text());
}

function inTwoHours() {
  const at = (hours: number) => ({ dateTime: new Date(Date.now() + hours * 3_600_000).toISOString() });
  return { start: at(2), end: at(3) };
}

/** Sign in, connect, look at everything, sync, fail, renew, lose the grant, reconnect, leave. */
async function wholeWay(): Promise<void> {
  const faults = google.sandbox.faults;
  await act("events/create", { event: { summary: HOSTILE, location: HOSTILE, ...inTwoHours() } });
  await browser.signIn(ACCOUNT);
  expect(await browser.connect(ACCOUNT)).toBe("connected");
  await untilSynced("succeeded");
  const id = (await integration())?.id ?? "";
  await lookAround(id);

  google.sandbox.vault.expireAccess(ACCOUNT);
  expect((await browser.send("POST", `/api/v1/integrations/${id}/sync`)).status).toBe(202);
  await eventually("a renewal", () => google.sandbox.ledger.count("oauth.token.refresh") > 0);
  await untilSynced("succeeded");

  faults.arm({ operation: "calendar.events.list", kind: "html_ok", count: 1 });
  await browser.send("POST", `/api/v1/integrations/${id}/sync`);
  await eventually("the fault struck", () => faults.list().length === 0);
  faults.arm({ operation: "oauth.token.refresh", kind: "unavailable", count: 2 });
  google.sandbox.vault.expireAccess(ACCOUNT);
  await browser.send("POST", `/api/v1/integrations/${id}/sync`);
  await browser.send("POST", `/api/v1/integrations/${id}/diagnose`);
  await lookAround(id);
  faults.disarm();

  google.sandbox.vault.revoke(ACCOUNT);
  await browser.send("POST", `/api/v1/integrations/${id}/sync`);
  await browser.send("POST", `/api/v1/integrations/${id}/diagnose`);
  await eventually(
    "the grant is found dead",
    async () => (await integration())?.status === "reconnect_required",
  );
  await lookAround(id);
  await aDayPasses();
  expect(await browser.connect(ACCOUNT, `?integrationId=${id}`)).toBe("connected");
  await untilSynced("succeeded");

  faults.arm({ operation: "oauth.revoke", kind: "unavailable", count: 1 });
  expect((await browser.send("DELETE", `/api/v1/integrations/${id}`)).status).toBe(202);
  await eventually("the vendor was told in vain", () => faults.list().length === 0);
  await lookAround(id);
  await database.db.execute(
    sql`update disconnections set next_attempt_at = next_attempt_at - interval '1 hour'`,
  );
  expect(await browser.connect(ACCOUNT)).toBe("connected");
  await untilSynced("succeeded");
  await browser.send("DELETE", `/api/v1/integrations/${(await integration())?.id}`);
  await browser.send("POST", "/api/auth/signout", new URLSearchParams());
}

/** The first reminder of the dead connection is due. */
async function aDayPasses(): Promise<void> {
  await database.db.execute(sql`update mails set next_attempt_at = next_attempt_at - interval '1 day'`);
  await database.db.execute(sql`
    insert into outbox (name, data, created_at, next_attempt_at)
    select 'mail/due', '{}', clock_timestamp(), clock_timestamp()`);
  await eventually("a reminder by mail", () => google.sandbox.mail.list().length > 0);
}

async function lookAround(id: string): Promise<void> {
  for (const path of PAGES) await browser.get(path);
  expect((await browser.get("/integrations")).status).toBe(200);
  for (const path of [
    "/me",
    "/integrations",
    `/integrations/${id}`,
    `/integrations/${id}/history`,
    "/events",
  ]) {
    await browser.get(`/api/v1${path}`);
  }
  const range = "from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z";
  await browser.get(`/api/v1/unavailabilities?${range}`);
  await browser.get("/api/health/ready");
  await browser.get("/api/v1/openapi.json");
}

/** What no place but the vendor's answer and a sealed column may hold. The stand-in marks all it gives out. */
function leaksIn(text: string): string[] {
  const known = [CLIENT.clientSecret, env.NEXTAUTH_SECRET, env.METRICS_TOKEN, env.ENCRYPTION_KEYS?.slice(3)];
  const shapes = [/SECRET-/g, /ya29\./g, /Bearer [\w.-]{8,}/g];
  const found = shapes.flatMap((shape) => [...text.matchAll(shape)].map(({ index }) => index));
  return [
    ...found.map((index) => text.slice(Math.max(0, index - 60), index + 30)),
    ...known.filter((secret) => secret !== undefined && text.includes(secret)).map(String),
  ];
}

describe("a whole life of a connection, by hand of the built app", () => {
  it("opens sockets to its database, the mapped vendor and its mail server, and to nobody else", () => {
    const record = readFileSync(join(scratch, "sockets"), "utf8").trim().split("\n");
    const { hostname, port } = new URL(database.url);
    const vendor = new URL(google.origin).host;
    const places = new Set(record);
    const mailServer = new URL(smtp).host;
    expect(places).toContain(vendor);
    expect(places).toContain(mailServer);
    const allowed = new Set([vendor, mailServer, `${hostname}:${port}`, `127.0.0.1:${port}`, `::1:${port}`]);
    expect([...places].filter((place) => !allowed.has(place))).toEqual([]);
  });

  it("writes no token and no secret into any version of any row (S13, attack 83)", async () => {
    const rows = await database.db.execute<{ relation: string; version: string }>(
      sql`select * from every_row`,
    );
    const relations = new Set(rows.map(({ relation }) => relation));
    const written = ["oauth_tokens", "oauth_attempts", "disconnections", "outbox", "calendar_sync_events"];
    expect([...relations]).toEqual(expect.arrayContaining([...written, "calendar_sync_logs", "audit_log"]));
    expect(rows.flatMap(({ version }) => leaksIn(version))).toEqual([]);
  });

  it("writes a mail that a built app can render, without tokens and secrets", async () => {
    const mails = await Promise.all(google.sandbox.mail.list().map(readMail));
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      envelope: { to: [ACCOUNT] },
      subject: expect.stringContaining(ACCOUNT),
    });
    expect(mails[0]?.html).toContain(">Reconnect Google Calendar<");
    expect(leaksIn(JSON.stringify(mails))).toEqual([]);
  });

  it("logs no token and no secret, even at the level trace (S13, attack 86)", () => {
    const text = app.lines.join("\n");
    expect(app.lines.length).toBeGreaterThan(5);
    expect(text).toContain('"run":"sync"');
    expect(leaksIn(text)).toEqual([]);
    expect(text).not.toContain("refresh_token");
  });

  it("shows no token, secret or database address on a page or in an answer (attack 42)", () => {
    const text = browser.seen.join("\n");
    expect(text).toContain(ACCOUNT);
    expect(leaksIn(text)).toEqual([]);
    expect(text).not.toContain(new URL(database.url).password || database.url);
  });

  it("shows a hostile title as the text it is, and never logs one (attacks 86, 90)", () => {
    const pages = browser.seen.filter((body) => body.startsWith("<!DOCTYPE html>"));
    const answers = browser.seen.filter((body) => body.startsWith("{"));
    expect(answers.some((body) => body.includes(JSON.stringify(HOSTILE).slice(1, -1)))).toBe(true);
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.filter((body) => body.includes("<img src=x"))).toEqual([]);
    expect(app.lines.filter((line) => /HYPERLINK|"admin":true/.test(line))).toEqual([]);
  });

  it("leaves no code, state or token in the addresses it was asked for", () => {
    expect(app.lines.filter((line) => /[?&](code|state)=/.test(line))).toEqual([]);
  });
});

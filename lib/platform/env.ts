import { z } from "zod";
import { type MailAddress, parseMailAddress } from "@/lib/platform/mail-address";
import { type MailServer, parseMailServer } from "@/lib/platform/mail-server";
import { isLoopbackHost, type OriginMap, parseOriginMap } from "@/lib/platform/origins";
import { parseRateLimits } from "@/lib/platform/rate-limit";
import { type MasterKey, parseMasterKeys, weakness } from "@/lib/platform/secrets";

const text = z.string().trim().min(1);
const optional = text.optional();
const count = z.coerce.number().int().positive();

const schema = z.object({
  APP_URL: z
    .url({ protocol: /^https?$/, error: "must be an http(s) address" })
    .default("http://localhost:3000"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" }).optional(),
  DATABASE_URL_DIRECT: z
    .url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" })
    .optional(),
  DATABASE_POOL: count.max(200).default(10),
  NEXTAUTH_SECRET: text,
  ENCRYPTION_KEYS: text,
  GOOGLE_CLIENT_ID: optional,
  GOOGLE_CLIENT_SECRET: optional,
  MICROSOFT_CLIENT_ID: optional,
  MICROSOFT_CLIENT_SECRET: optional,
  MICROSOFT_TENANT_ID: text.default("common"),
  INNGEST_EVENT_KEY: optional,
  INNGEST_SIGNING_KEY: optional,
  INNGEST_BASE_URL: z.url().optional(),
  INNGEST_DEV: optional,
  JOBS: z.enum(["embedded", "inngest"]).optional(),
  SUPPORT_URL: z.union([z.url({ protocol: /^(https?|mailto)$/ }), z.literal("")]).optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  METRICS_TOKEN: optional,
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: optional,
  SIGNUP: z.enum(["open", "invite"]).default("open"),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  RATE_LIMITS: optional,
  GOOGLE_DAILY_REQUESTS: count.default(1_000_000),
  USER_DAILY_REQUESTS: count.default(1_000),
  PROVIDER_ORIGINS: optional,
  MIGRATE_ON_START: z.enum(["0", "1"]).default("0"),
  SMTP_URL: optional,
  MAIL_FROM: optional,
});

export interface Env
  extends Omit<z.infer<typeof schema>, "ENCRYPTION_KEYS" | "PROVIDER_ORIGINS" | "JOBS" | "INNGEST_DEV"> {
  JOBS: "embedded" | "inngest";
  INNGEST_DEV: boolean;
  masterKeys: MasterKey[];
  origins: OriginMap;
  appOrigin: string;
  loopback: boolean;
  google: { clientId: string; clientSecret: string } | null;
  /** Null: mails are owed and wait. */
  mail: { server: MailServer; from: MailAddress } | null;
}

/** All faults of an environment in one error, so that an operator fixes them in one go. */
export class EnvironmentError extends Error {
  readonly faults: string[];

  constructor(faults: string[]) {
    super(`Entente cannot start with this environment:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "EnvironmentError";
    this.faults = faults;
  }
}

/** Reads and judges an environment. Empty strings count as unset. Throws `EnvironmentError` naming every fault. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(given);
  const faults: string[] = [];
  if (!parsed.success) faults.push(...parsed.error.issues.map(describeIssue));
  const keys =
    given.ENCRYPTION_KEYS === undefined ? { keys: [], faults: [] } : parseMasterKeys(given.ENCRYPTION_KEYS);
  const origins =
    given.PROVIDER_ORIGINS === undefined
      ? { map: new Map(), faults: [] }
      : parseOriginMap(given.PROVIDER_ORIGINS);
  const loopback = isLoopbackHost(URL.parse(given.APP_URL ?? "http://localhost:3000")?.hostname ?? "");
  const mail = readMail(given);
  faults.push(...mail.faults);
  faults.push(...keys.faults, ...origins.faults, ...parseRateLimits(given.RATE_LIMITS).faults);
  faults.push(...judgeSecrets(given), ...judgeJobs(given), ...judgePlace(given, loopback));
  if (!parsed.success || faults.length > 0) throw new EnvironmentError([...new Set(faults)]);

  const { ENCRYPTION_KEYS: _keys, PROVIDER_ORIGINS: _origins, ...values } = parsed.data;
  const dev = values.INNGEST_DEV !== undefined && values.INNGEST_DEV !== "0";
  return {
    ...values,
    INNGEST_DEV: dev,
    JOBS: values.JOBS ?? (dev || values.INNGEST_SIGNING_KEY !== undefined ? "inngest" : "embedded"),
    masterKeys: keys.keys,
    origins: origins.map,
    appOrigin: new URL(values.APP_URL).origin,
    loopback,
    mail: mail.mail,
    google: pair(values.GOOGLE_CLIENT_ID, values.GOOGLE_CLIENT_SECRET),
  };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const name = issue.path.join(".");
  return issue.code === "invalid_type" ? `${name} is missing` : `${name}: ${issue.message}`;
}

function pair(clientId: string | undefined, clientSecret: string | undefined) {
  return clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : null;
}

function readMail(given: Record<string, string | undefined>): { mail: Env["mail"]; faults: string[] } {
  const faults: string[] = [];
  const parsed = given.SMTP_URL === undefined ? null : parseMailServer(given.SMTP_URL.trim());
  const from = given.MAIL_FROM === undefined ? null : parseMailAddress(given.MAIL_FROM);
  if (parsed !== null && "fault" in parsed) faults.push(parsed.fault);
  if (given.MAIL_FROM !== undefined && from === null) {
    faults.push("MAIL_FROM must be an address: entente@example.com or Entente <entente@example.com>");
  }
  if (parsed !== null && given.MAIL_FROM === undefined) {
    faults.push("MAIL_FROM is missing (SMTP_URL is set, and mails need a sender)");
  }
  const mail =
    parsed !== null && "server" in parsed && from !== null ? { server: parsed.server, from } : null;
  return { mail, faults };
}

function judgeSecrets(given: Record<string, string | undefined>): string[] {
  const faults: string[] = [];
  for (const name of ["NEXTAUTH_SECRET"] as const) {
    const weak = given[name] === undefined ? null : weakness(given[name]);
    if (weak !== null) faults.push(`${name} ${weak}`);
  }
  if (given.METRICS_TOKEN !== undefined && given.METRICS_TOKEN.length < 16) {
    faults.push("METRICS_TOKEN is shorter than 16 characters");
  }
  const vendors = [
    ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
    ["MICROSOFT_CLIENT_ID", "MICROSOFT_CLIENT_SECRET"],
  ] as const;
  for (const [id, secret] of vendors) {
    if ((given[id] === undefined) !== (given[secret] === undefined))
      faults.push(`${id} and ${secret} belong together`);
  }
  if (vendors.every(([id]) => given[id] === undefined)) {
    faults.push(
      "At least one vendor is needed: GOOGLE_CLIENT_ID with GOOGLE_CLIENT_SECRET, or MICROSOFT_CLIENT_ID with MICROSOFT_CLIENT_SECRET",
    );
  }
  return faults;
}

/** An Inngest server that is no developer's proves itself, and wants the same of us. */
function judgeJobs(given: Record<string, string | undefined>): string[] {
  const dev = given.INNGEST_DEV !== undefined && given.INNGEST_DEV !== "0";
  const served =
    given.JOBS === "inngest" || (given.JOBS === undefined && given.INNGEST_SIGNING_KEY !== undefined);
  if (dev || !served) return [];
  return (["INNGEST_SIGNING_KEY", "INNGEST_EVENT_KEY"] as const)
    .filter((name) => given[name] === undefined)
    .map((name) => `${name} is missing (an Inngest server runs the jobs)`);
}

function judgePlace(given: Record<string, string | undefined>, loopback: boolean): string[] {
  if (loopback) return [];
  const faults: string[] = [];
  const local = ["PROVIDER_ORIGINS", "INNGEST_DEV"].filter(
    (name) => given[name] !== undefined && given[name] !== "0",
  );
  for (const name of local) faults.push(`${name} is accepted only while APP_URL is on loopback`);
  if (given.DATABASE_URL === undefined)
    faults.push("DATABASE_URL is missing (it may be unset only while APP_URL is on loopback)");
  if (given.APP_URL?.startsWith("http:")) faults.push("APP_URL must be https unless it is on loopback");
  return faults;
}

/** The log level alone, so that a build, which has no secrets, can load modules that log. */
export function logLevel(): string {
  const given = schema.shape.LOG_LEVEL.safeParse(process.env.LOG_LEVEL ?? undefined);
  return given.success ? given.data : "info";
}

let current: Env | undefined;

/** This process's environment, read once. */
export function env(): Env {
  current ??= readEnv(process.env);
  return current;
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { freePort } from "../lib/ports";
import { answers, type Service, startService, untilReady } from "../lib/service";

export type ServerMode = "dev" | "start";

/** Keys of a server that lives for one check. `inngest start` wants hex, without the prefix that the cloud's have. */
export const KEYS = {
  signing: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  event: "0fedcba98765432100fedcba98765432",
} as const;

const functionsSchema = z
  .array(z.object({ id: z.string(), config: z.union([z.string(), z.looseObject({})]) }))
  .nullable();
const configSchema = z.object({ triggers: z.array(z.looseObject({ cron: z.string().optional() })) });

interface KnownFunction {
  slug: string;
  crons: string[];
}

export interface InngestServer {
  service: Service;
  /** The functions it may call. */
  functions(): Promise<KnownFunction[]>;
}

/** Starts `inngest dev` or `inngest start` on `port`; it asks the app at `appUrl` to register. */
export async function startInngest(
  program: string,
  mode: ServerMode,
  place: { port: number; directory: string; appUrl: string; app: string },
): Promise<InngestServer> {
  const ports = {
    gateway: await freePort(),
    "gateway-grpc": await freePort(),
    "executor-grpc": await freePort(),
  };
  const own =
    mode === "dev"
      ? ["--no-discovery"]
      : [
          "--no-ui",
          "--sqlite-dir",
          place.directory,
          "--signing-key",
          KEYS.signing,
          "--event-key",
          KEYS.event,
        ];
  const service = startService({
    name: "inngest",
    command: program,
    args: [
      mode,
      ...["--host", "127.0.0.1", "--port", String(place.port), "--sdk-url", `${place.appUrl}/api/inngest`],
      ...["--poll-interval", "2"],
      ...Object.entries(ports).flatMap(([name, port]) => [`--connect-${name}-port`, String(port)]),
      ...own,
    ],
    cwd: place.directory,
    env: { ...process.env, HOME: place.directory, DO_NOT_TRACK: "1" },
    log: join(place.directory, `inngest-${mode}.log`),
    echo: false,
  });
  const origin = `http://127.0.0.1:${place.port}`;
  await untilReady(service, () => answers(`${origin}/health`), 60_000);
  const authorization = `Bearer ${hashed(KEYS.signing)}`;
  return {
    service,
    functions: async () => {
      const response = await fetch(`${origin}/v1/apps/${place.app}/functions`, {
        headers: { authorization },
      });
      return (functionsSchema.parse(await response.json()) ?? []).map(({ id, config }) => {
        const { triggers } = configSchema.parse(typeof config === "string" ? JSON.parse(config) : config);
        return { slug: id, crons: triggers.flatMap(({ cron }) => cron ?? []) };
      });
    },
  };
}

/** As servers and SDKs name a key without showing it: SHA-256 of its bytes behind its prefix. docs/SDK_SPEC.md 4.1.4. */
function hashed(signingKey: string): string {
  const [, prefix = "", hex = ""] = /^(signkey-\w+-)?(\w+)$/.exec(signingKey) ?? [];
  return `${prefix}${createHash("sha256").update(Buffer.from(hex, "hex")).digest("hex")}`;
}

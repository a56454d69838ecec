import { pino } from "pino";
import { logLevel } from "@/lib/platform/env";

/** One structured line per request or run. Callers pass ids, counts and codes: never titles, addresses or tokens. */
export const log = pino({
  level: logLevel(),
  base: { app: "entente" },
  redact: {
    paths: [
      "*.accessToken",
      "*.refreshToken",
      "*.access_token",
      "*.refresh_token",
      "*.authorization",
      "*.cookie",
    ],
    censor: "[redacted]",
  },
  serializers: {
    // Callers may hand in what they described already.
    err: (error: unknown) =>
      typeof error === "object" && !(error instanceof Error) ? error : describeError(error),
  },
});

/** Name, code and message chain of an error, without response bodies or stacks of third parties. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 300) };
  const coded = error as Error & { code?: unknown; kind?: unknown };
  return {
    name: error.name,
    message: redactSecrets(error.message).slice(0, 500),
    ...(coded.code === undefined ? {} : { code: String(coded.code) }),
    ...(coded.kind === undefined ? {} : { kind: String(coded.kind) }),
    ...(error.stack === undefined
      ? {}
      : {
          // The stack begins with the message, which may have several lines.
          at: error.stack
            .split("\n")
            .map((line) => line.trim())
            .filter((line) => /^at .+(:\d+|<anonymous>|native)\)?$/.test(line))
            .slice(0, 5),
        }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

const TOKEN_SHAPES =
  /(ya29\.[\w.-]+|1\/\/[\w-]+|Bearer\s+[\w.~+/-]+=*|eyJ[\w-]+\.[\w-]+\.[\w-]*|SECRET-[\w-]+)/g;

/** The database layer adds the values of a failed statement to its message: titles, addresses, link tokens. */
const STATEMENT_VALUES = /\nparams: [\s\S]*$/;

function redactSecrets(text: string): string {
  return text.replace(STATEMENT_VALUES, "\nparams: [redacted]").replace(TOKEN_SHAPES, "[redacted]");
}

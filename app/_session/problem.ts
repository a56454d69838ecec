import { randomUUID } from "node:crypto";
import { AppError, type AppErrorCode } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";

const TITLES: Partial<Record<AppErrorCode, string>> = {
  unauthenticated: "Not signed in",
  forbidden: "Not allowed",
  not_found: "Not found",
  invalid_input: "Invalid input",
  invalid_json: "Invalid JSON",
  method_not_allowed: "Method not allowed",
  payload_too_large: "Body too large",
  unsupported_media_type: "JSON expected",
  rate_limited: "Too many requests",
  provider_unavailable: "The provider does not answer",
  unavailable: "Not available at the moment",
  internal: "Something went wrong",
};

/** A refusal as `application/problem+json` (RFC 9457). */
export function problem(error: AppError, headers: Record<string, string> = {}): Response {
  const body = {
    type: `urn:entente:problem:${error.code}`,
    title:
      TITLES[error.code] ?? error.code.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase()),
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.fields.length === 0 ? {} : { errors: error.fields }),
    ...error.extra,
  };
  const retry = error.retryAfterSeconds;
  return new Response(JSON.stringify(body), {
    status: error.status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "private, no-store",
      ...(retry === null ? {} : { "Retry-After": String(retry) }),
      ...(error.code === "unauthenticated" ? { "WWW-Authenticate": "Bearer" } : {}),
      ...headers,
    },
  });
}

/** A failure nobody foresaw: the log gets everything, the caller an id to quote. */
export function unexpected(error: unknown, route: string): Response {
  const id = randomUUID();
  log.error({ event: "request.failed", id, route, err: error });
  return problem(
    new AppError("internal", `Something went wrong on our side. Quote ${id} when you ask for help.`),
  );
}

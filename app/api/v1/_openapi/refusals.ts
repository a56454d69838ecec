import type { Operation } from "@/app/api/v1/_operations/operation";
import { AppError, type AppErrorCode } from "@/lib/platform/errors";

/** Every code an operation can refuse with, by status: what its shape implies and what it names itself. */
export function refusalsOf(operation: Operation): Map<number, AppErrorCode[]> {
  const { params, query, body, creates, method, refusals = [] } = operation;
  const reads = body !== undefined || creates === true;
  const codes = new Set<AppErrorCode>([
    "unauthenticated",
    "forbidden",
    "rate_limited",
    "internal",
    "unavailable",
    ...(params === undefined ? [] : (["not_found"] as const)),
    ...(query === undefined ? [] : (["invalid_input"] as const)),
    ...(body === undefined ? [] : (["invalid_input", "invalid_json", "unsupported_media_type"] as const)),
    ...(reads ? (["payload_too_large"] as const) : []),
    ...(creates ? (["invalid_input", "idempotency_in_progress", "idempotency_key_reused"] as const) : []),
    ...(method === "GET" ? [] : (["busy"] as const)),
    ...refusals,
  ]);
  const byStatus = new Map<number, AppErrorCode[]>();
  for (const code of codes) {
    const { status } = new AppError(code, "");
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}

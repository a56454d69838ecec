import { z } from "zod";

// The messages of SDK 4.24 (docs/SDK_SPEC.md of inngest/inngest, and the SDK's own functionConfigSchema).
// Objects of a function's configuration are strict: an option nobody here knows must not be ignored.

const durationText = z.string();
const keyed = { key: z.string().optional() };

const concurrencySchema = z.strictObject({
  ...keyed,
  limit: z.number().int().min(1),
  scope: z.enum(["fn", "env", "account"]).optional(),
});

const triggerSchema = z.union([
  z.strictObject({ event: z.string(), expression: z.string().optional() }),
  z.strictObject({ cron: z.string(), jitter: durationText.optional() }),
]);

const stepSchema = z.object({
  retries: z.object({ attempts: z.number().int().min(0).max(20).optional() }).optional(),
});

const functionSchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().optional(),
  triggers: z.array(triggerSchema),
  steps: z.object({ step: stepSchema }),
  idempotency: z.string().optional(),
  batchEvents: z
    .strictObject({
      ...keyed,
      maxSize: z.number().int().min(1),
      timeout: durationText,
      if: z.string().optional(),
    })
    .optional(),
  rateLimit: z.unknown().optional(),
  throttle: z
    .strictObject({
      ...keyed,
      limit: z.number().int().min(1),
      period: durationText,
      burst: z.number().int().min(1).optional(),
    })
    .optional(),
  singleton: z.strictObject({ ...keyed, mode: z.enum(["skip", "cancel"]) }).optional(),
  cancel: z
    .array(z.strictObject({ event: z.string(), if: z.string().optional(), timeout: durationText.optional() }))
    .max(5)
    .optional(),
  debounce: z.strictObject({ ...keyed, period: durationText, timeout: durationText.optional() }).optional(),
  timeouts: z.unknown().optional(),
  priority: z.strictObject({ run: z.string().optional() }).optional(),
  concurrency: z
    .union([
      z
        .number()
        .int()
        .min(1)
        .transform((limit) => [{ limit }]),
      concurrencySchema.transform((option) => [option]),
      z.array(concurrencySchema).max(2),
    ])
    .optional(),
});
export type RegisteredFunction = z.infer<typeof functionSchema>;

export const registrationSchema = z.object({ appName: z.string(), functions: z.array(functionSchema) });

const eventSchema = z.object({
  name: z.string().min(1),
  data: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((data) => data ?? {}),
  id: z.string().optional(),
  ts: z.number().optional(),
  v: z.string().nullish(),
  user: z.unknown().optional(),
  meta: z.unknown().optional(),
});
export type IncomingEvent = z.infer<typeof eventSchema>;
export const eventsSchema = z.union([z.array(eventSchema), eventSchema.transform((event) => [event])]);

const errorSchema = z
  .object({ name: z.string().optional(), message: z.string().optional(), stack: z.string().optional() })
  .loose();
export type SerializedError = z.infer<typeof errorSchema>;

const opSchema = z.object({
  id: z.string().min(1),
  op: z.string().min(1),
  name: z.string().nullish(),
  displayName: z.string().nullish(),
  opts: z.record(z.string(), z.unknown()).nullish(),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
});
export type Op = z.infer<typeof opSchema>;
const opsSchema = z.array(opSchema);

export const checkpointSchema = z.object({
  run_id: z.string(),
  request_id: z.string().optional(),
  steps: opsSchema,
});

export const waitOptionsSchema = z.object({ timeout: z.string(), if: z.string().optional() });
export const invokeOptionsSchema = z.object({
  function_id: z.string(),
  payload: z.object({ data: z.record(z.string(), z.unknown()).nullish() }),
  timeout: z.string().optional(),
});

export type Answer =
  | { kind: "completed"; data: unknown }
  | { kind: "ops"; ops: Op[]; retryAfter?: string }
  | { kind: "retry" | "failed"; error: SerializedError; retryAfter?: string };

/** Turns the SDK's answer to one call into what the engine does next; what cannot be read fails by name. */
export function readAnswer(status: number, headers: Headers, text: string): Answer {
  const body = parseJson(text);
  const retryAfter = headers.get("retry-after") ?? undefined;
  if (body === MALFORMED) return malformed(`status ${status} with a body that is not JSON`);
  if (status === 200) return { kind: "completed", data: body };
  if (status === 206) {
    const ops = opsSchema.safeParse(Array.isArray(body) ? body : [body]);
    return ops.success
      ? { kind: "ops", ops: ops.data, retryAfter }
      : malformed(`status 206 with unreadable operations: ${z.prettifyError(ops.error)}`);
  }
  if (status < 400) return malformed(`status ${status}, which belongs to no answer the engine supports`);
  const final = headers.get("x-inngest-no-retry") === "true" || (status < 500 && status !== 429);
  return { kind: final ? "failed" : "retry", error: readError(body, status), retryAfter };
}

/** The shape under which the SDK restores an error for `onFailure` and for a caught step. */
export function readError(value: unknown, status?: number): SerializedError {
  const parsed = errorSchema.safeParse(value);
  const fallback = status === undefined ? "unknown error" : `the function answered with status ${status}`;
  const known = parsed.success ? parsed.data : {};
  const detail = typeof known.error === "string" ? known.error : fallback;
  return {
    ...known,
    name: known.name ?? "Error",
    message: known.message ?? detail,
    stack: known.stack ?? "",
  };
}

export function engineError(message: string, name = "EmbeddedEngineError"): SerializedError {
  return { name, message, stack: "" };
}

function malformed(what: string): Answer {
  return { kind: "failed", error: engineError(`the SDK answered with ${what}`, "MalformedAnswerError") };
}

const MALFORMED = Symbol("malformed");

function parseJson(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return MALFORMED;
  }
}

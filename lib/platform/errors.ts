/** Every way a verb can refuse. Mapped to HTTP once (`problem.ts`) and to words once (messages, `errors.*`). */
export type AppErrorCode =
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "invalid_input"
  | "invalid_json"
  | "method_not_allowed"
  | "payload_too_large"
  | "unsupported_media_type"
  | "rate_limited"
  | "conflict"
  | "idempotency_key_reused"
  | "idempotency_in_progress"
  | "provider_not_configured"
  | "reconnect_required"
  | "import_disabled"
  | "calendar_not_checked"
  | "calendar_not_writable"
  | "blocked_by_policy"
  | "attempt_finished"
  | "range_too_far"
  | "slot_unavailable"
  | "calendar_not_ready"
  | "version_conflict"
  | "provider_unavailable"
  | "busy"
  | "unavailable"
  | "internal";

const STATUS: Record<AppErrorCode, number> = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  invalid_input: 400,
  invalid_json: 400,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  conflict: 409,
  idempotency_key_reused: 422,
  idempotency_in_progress: 409,
  provider_not_configured: 404,
  reconnect_required: 409,
  import_disabled: 409,
  calendar_not_checked: 409,
  calendar_not_writable: 409,
  blocked_by_policy: 403,
  attempt_finished: 409,
  range_too_far: 400,
  slot_unavailable: 409,
  calendar_not_ready: 409,
  version_conflict: 409,
  provider_unavailable: 503,
  busy: 409,
  unavailable: 503,
  internal: 500,
};

export interface FieldFault {
  path: string;
  message: string;
}

/** A refusal with a stable code. `detail` is safe to show; `cause` is for the log alone. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly fields: FieldFault[];
  readonly retryAfterSeconds: number | null;
  /** What helps the caller on, such as the nearest free slots: members of the problem beside its code. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    code: AppErrorCode,
    detail: string,
    options: {
      cause?: unknown;
      fields?: FieldFault[];
      retryAfterSeconds?: number;
      extra?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.extra = options.extra ?? {};
  }

  get status(): number {
    return STATUS[this.code];
  }
}

export function notFound(what: string): AppError {
  return new AppError("not_found", `No such ${what}.`);
}

import { type OriginMap, VENDOR_ORIGINS, vendorOfOrigin } from "@/lib/platform/origins";

/** Why a request never produced a usable answer. Vendors' own errors are answers, not these. */
export type OutboundFault = "not_allowed" | "held_back" | "network" | "timeout" | "too_large" | "redirected";

export class OutboundError extends Error {
  readonly fault: OutboundFault;
  /** When to come back, of a request that was held back and never sent. */
  readonly retryAfterMs: number | null;

  constructor(
    fault: OutboundFault,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "OutboundError";
    this.fault = fault;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** By name: bundlers copy this class, and the door opened at start throws another copy than a route knows. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "OutboundError";
  }
}

/** A request that is about to be sent. */
export interface OutboundRequest {
  origin: string;
  vendor: "google" | "microsoft";
  /** Whose token it carries; null for a request nobody's token makes. */
  person: string | null;
  /** Nobody waits for it at this moment. */
  patient: boolean;
}

export interface OutboundRecord extends OutboundRequest {
  method: string;
  status: number | null;
  /** The vendor refused it because of a limit, whatever status it has for that. */
  limited: boolean;
  fault: OutboundFault | null;
  durationMs: number;
}

export interface OutboundOptions {
  origins: OriginMap;
  timeoutMs?: number;
  maxBytes?: number;
  /** Told of every request, for budgets, metrics and tests. Never sees addresses with secrets, only origins. */
  observe?: (record: OutboundRecord) => void;
  /** Asked before each request; may let it wait, or throw `held_back`. */
  admit?: (request: OutboundRequest) => Promise<void>;
  /** Whether an answer with an error's status is a vendor's limit: its own file of errors knows. */
  isLimit?: (answer: { vendor: OutboundRequest["vendor"]; status: number; body: string }) => boolean;
}

/**
 * `person`: the id of whoever the token belongs to, whose requests are counted. `patient`: it may be held back. Neither
 * is sent.
 */
type OutboundInit = RequestInit & { person?: string | undefined; patient?: boolean | undefined };

export type ProviderFetch = (input: string | URL | Request, init?: OutboundInit) => Promise<Response>;

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** An error that says more than this says nothing of a limit. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * The one door to the outside. Only the vendors' real origins may be addressed; the origin map then says who
 * answers. Redirects are refused, so a bearer token never travels to another host. Throws `OutboundError`.
 */
export function createProviderFetch(options: OutboundOptions): ProviderFetch {
  return async (input, { person, patient, ...init } = {}) => {
    const request = input instanceof Request ? input : null;
    const real = new URL(request === null ? (input as string | URL) : request.url);
    if (!VENDOR_ORIGINS.some((origin) => origin === real.origin)) {
      throw new OutboundError("not_allowed", `refused to contact ${real.origin}`);
    }
    const vendor = vendorOfOrigin(real.origin);
    const asked = { origin: real.origin, vendor, person: person ?? null, patient: patient ?? false };
    await options.admit?.(asked);
    const target = new URL(real.pathname + real.search, options.origins.get(real.origin) ?? real.origin);
    const started = performance.now();
    const method = init.method ?? request?.method ?? "GET";
    const finish = (outcome: Pick<OutboundRecord, "status" | "limited" | "fault">) =>
      options.observe?.({ ...asked, method, ...outcome, durationMs: performance.now() - started });
    try {
      const { response, body } = await send(target, request, init, options);
      const limited = isLimited(options, vendor, response.status, body);
      finish({ status: response.status, limited, fault: null });
      return response;
    } catch (error) {
      const failure = asOutboundError(error, real.origin);
      finish({ status: null, limited: false, fault: failure.fault });
      throw failure;
    }
  };
}

function isLimited(
  { isLimit }: OutboundOptions,
  vendor: OutboundRequest["vendor"],
  status: number,
  body: ArrayBuffer,
): boolean {
  if (status === 429) return true;
  if (isLimit === undefined || status < 400 || body.byteLength > MAX_ERROR_BYTES) return false;
  return isLimit({ vendor, status, body: new TextDecoder().decode(body) });
}

async function send(target: URL, request: Request | null, init: RequestInit, options: OutboundOptions) {
  const limit = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const outer = init.signal ?? request?.signal;
  const signal = outer ? AbortSignal.any([outer, limit]) : limit;
  const base: RequestInit =
    request === null
      ? {}
      : {
          method: request.method,
          headers: request.headers,
          body: request.body === null ? null : await request.text(),
        };
  const answer = await fetch(target, { ...base, ...init, signal, redirect: "manual" });
  if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) {
    await answer.body?.cancel();
    throw new OutboundError("redirected", `${target.origin} answered with a redirect`);
  }
  const body = await readLimited(answer, options.maxBytes ?? MAX_BYTES);
  const bodyless = answer.status === 204 || answer.status === 205 || answer.status === 304;
  const response = new Response(bodyless ? null : body, {
    status: answer.status,
    statusText: answer.statusText,
    headers: cleaned(answer),
  });
  return { response, body };
}

function cleaned(answer: Response): Headers {
  const headers = new Headers(answer.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  headers.delete("transfer-encoding");
  return headers;
}

async function readLimited(answer: Response, maxBytes: number): Promise<ArrayBuffer> {
  const announced = Number(answer.headers.get("content-length") ?? 0);
  if (announced > maxBytes) {
    await answer.body?.cancel();
    throw new OutboundError("too_large", `answer of ${announced} bytes`);
  }
  if (announced > 0 && answer.headers.get("content-encoding") === null) return answer.arrayBuffer();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new OutboundError("too_large", `answer of more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const joined = Buffer.concat(chunks);
  return joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.byteLength) as ArrayBuffer;
}

function asOutboundError(error: unknown, origin: string): OutboundError {
  if (error instanceof OutboundError) return error;
  const timedOut = error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
  return timedOut
    ? new OutboundError("timeout", `${origin} did not answer in time`, { cause: error })
    : new OutboundError("network", `${origin} cannot be reached`, { cause: error });
}

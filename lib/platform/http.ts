import { type OriginMap, VENDOR_ORIGINS, vendorOfOrigin } from "@/lib/platform/origins";

/** Why a request never produced a usable answer. Vendors' own errors are answers, not these. */
export type OutboundFault = "not_allowed" | "network" | "timeout" | "too_large" | "redirected";

export class OutboundError extends Error {
  readonly fault: OutboundFault;

  constructor(fault: OutboundFault, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "OutboundError";
    this.fault = fault;
  }

  /** By name: bundlers copy this class, and the door opened at start throws another copy than a route knows. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "OutboundError";
  }
}

export interface OutboundRecord {
  origin: string;
  vendor: "google" | "microsoft";
  /** Whose token it carried; null for a request nobody's token made. */
  person: string | null;
  method: string;
  status: number | null;
  fault: OutboundFault | null;
  durationMs: number;
}

export interface OutboundOptions {
  origins: OriginMap;
  timeoutMs?: number;
  maxBytes?: number;
  /** Told of every request, for budgets, metrics and tests. Never sees addresses with secrets, only origins. */
  observe?: (record: OutboundRecord) => void;
}

/** `person`: the id of whoever the token belongs to. It counts towards their budget and is not sent. */
type OutboundInit = RequestInit & { person?: string | undefined };

export type ProviderFetch = (input: string | URL | Request, init?: OutboundInit) => Promise<Response>;

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The one door to the outside. Only the vendors' real origins may be addressed; the origin map then says who
 * answers. Redirects are refused, so a bearer token never travels to another host. Throws `OutboundError`.
 */
export function createProviderFetch(options: OutboundOptions): ProviderFetch {
  return async (input, { person, ...init } = {}) => {
    const request = input instanceof Request ? input : null;
    const real = new URL(request === null ? (input as string | URL) : request.url);
    if (!VENDOR_ORIGINS.some((origin) => origin === real.origin)) {
      throw new OutboundError("not_allowed", `refused to contact ${real.origin}`);
    }
    const target = new URL(real.pathname + real.search, options.origins.get(real.origin) ?? real.origin);
    const started = performance.now();
    const finish = (status: number | null, fault: OutboundFault | null) =>
      options.observe?.({
        origin: real.origin,
        vendor: vendorOfOrigin(real.origin),
        person: person ?? null,
        method: init.method ?? request?.method ?? "GET",
        status,
        fault,
        durationMs: performance.now() - started,
      });
    try {
      const response = await send(target, request, init, options);
      finish(response.status, null);
      return response;
    } catch (error) {
      const failure = asOutboundError(error, real.origin);
      finish(null, failure.fault);
      throw failure;
    }
  };
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
  return new Response(bodyless ? null : body, {
    status: answer.status,
    statusText: answer.statusText,
    headers: cleaned(answer),
  });
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

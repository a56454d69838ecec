import { noteWebhook, type WebhookOutcome } from "@/app/api/webhooks/webhook-log";
import type { Runtime } from "@/inngest/runtime";
import { describeError } from "@/lib/platform/log";
import { clientAddress } from "@/lib/platform/rate-limit-address";
import type { WatchMessage } from "@/lib/sync/watches/messages";
import { type Reception, receiveMessage } from "@/lib/sync/watches/receive-message";

/** Vendors send nothing or little. More is not read at all. */
const LARGEST_BODY = 4_096;

/** Google takes any of these for "understood" and tries again after the 5xx alone. */
const STATUSES: Record<Exclude<WebhookOutcome, "limited">, number> = {
  stamped: 204,
  hello: 204,
  repeated: 204,
  silent: 204,
  unknown: 200,
  malformed: 400,
  forged: 401,
  too_large: 413,
  unavailable: 503,
};

const HEADERS: Partial<Record<WebhookOutcome, Record<string, string>>> = {
  too_large: { Connection: "close" },
  unavailable: { "Retry-After": "5" },
};

/** Only what nobody vouches for is counted against its address. */
const REFUSED: ReadonlySet<WebhookOutcome> = new Set(["forged", "malformed"]);

/**
 * Answers a vendor's message. Who knows the secret is never limited: all of a vendor's messages share few addresses.
 * Bodies are left unread, so a slow or huge one costs nothing; their connection is closed.
 */
export async function answerWebhook(
  runtime: Runtime,
  request: Request,
  vendor: "google",
  read: (headers: Headers) => WatchMessage | null,
): Promise<Response> {
  const began = performance.now();
  const now = runtime.services.clock.now();
  const { outcome, ...more } = await judge(runtime, request, read, now);
  const wait = REFUSED.has(outcome) ? mustWait(runtime, request, now) : null;
  const status = wait === null ? STATUSES[outcome] : 429;
  const durationMs = performance.now() - began;
  const told = wait === null ? outcome : "limited";
  noteWebhook(runtime.limiter, { vendor, ...more, outcome: told, status, durationMs }, now);
  return plain(status, wait === null ? HEADERS[outcome] : { "Retry-After": String(wait) });
}

type Judgement = Partial<Omit<Reception, "outcome">> & {
  outcome: Exclude<WebhookOutcome, "limited">;
  state?: string;
  number?: number | null;
  err?: Record<string, unknown>;
};

async function judge(
  { webhooks }: Runtime,
  { headers }: Request,
  read: (headers: Headers) => WatchMessage | null,
  now: Date,
): Promise<Judgement> {
  if (isTooLarge(headers)) return { outcome: "too_large" };
  const message = read(headers);
  if (message === null) return { outcome: "malformed" };
  const { state, number } = message;
  try {
    return { ...(await receiveMessage(webhooks.db, message, now)), state, number };
  } catch (error) {
    // The vendor shall come again: a change that could not be noted must not be lost.
    return { outcome: "unavailable", state, number, err: describeError(error) };
  }
}

/** Seconds, for an address that was refused too often. */
function mustWait({ limiter, limits, env }: Runtime, request: Request, now: Date): number | null {
  const address = clientAddress(request.headers, env.TRUST_PROXY);
  return limiter.hit(`webhook:${address}`, limits.webhookRefused, now);
}

/** A body without a length may have no end, but none of it is read. */
function isTooLarge(headers: Headers): boolean {
  const length = headers.get("content-length");
  return length !== null && !(Number(length) <= LARGEST_BODY);
}

function plain(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { "Cache-Control": "no-store", ...headers } });
}

/** For every method but POST. */
export function methodNotAllowed(): Response {
  return plain(405, { Allow: "POST" });
}

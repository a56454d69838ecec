import type { Runtime } from "@/inngest/runtime";
import { describeError, log } from "@/lib/platform/log";
import { clientAddress } from "@/lib/platform/rate-limit-address";
import type { WatchMessage } from "@/lib/sync/watches/messages";
import { type Reception, receiveMessage } from "@/lib/sync/watches/receive-message";

/** Vendors send nothing or little. More is not read at all. */
const LARGEST_BODY = 4_096;

/** Google takes any of these for "understood" and tries again after the 5xx alone. */
const STATUSES: Record<Reception["outcome"], number> = {
  stamped: 204,
  verified: 204,
  replayed: 204,
  silent: 204,
  unknown: 200,
  wrong_secret: 401,
  wrong_resource: 401,
};

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
  const { clock } = runtime.services;
  const began = performance.now();
  const now = clock.now();
  const note = (status: number, fields: Record<string, unknown>) => {
    log.info({ webhook: vendor, status, ms: Math.round(performance.now() - began), ...fields });
    return status;
  };
  if (isTooLarge(request.headers)) return plain(note(413, { outcome: "too_large" }), { Connection: "close" });
  const message = read(request.headers);
  if (message === null)
    return refuse(runtime, request, now, (status) => note(status, { outcome: "malformed" }), 400);
  try {
    const { outcome, calendarId, nudged } = await receiveMessage(runtime.webhooks.db, message, now);
    const { state, number } = message;
    const fields = { outcome, calendarId, nudged, state, number };
    if (STATUSES[outcome] >= 400) {
      return refuse(runtime, request, now, (status) => note(status, fields), STATUSES[outcome]);
    }
    return plain(note(STATUSES[outcome], fields));
  } catch (error) {
    // The vendor shall come again: a change that could not be noted must not be lost.
    log.warn({ webhook: vendor, err: describeError(error) });
    return plain(note(503, { outcome: "failed" }), { "Retry-After": "5" });
  }
}

/** Only what nobody vouches for is counted. */
function refuse(
  { limiter, limits, env }: Runtime,
  request: Request,
  now: Date,
  note: (status: number) => number,
  status: number,
): Response {
  const address = clientAddress(request.headers, env.TRUST_PROXY);
  const wait = limiter.hit(`webhook:${address}`, limits.webhookRefused, now);
  if (wait === null) return plain(note(status));
  return plain(note(429), { "Retry-After": String(wait) });
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

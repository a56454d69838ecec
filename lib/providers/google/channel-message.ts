import type { WatchMessage } from "@/lib/providers/change-watcher";

const STATES: Record<string, WatchMessage["state"]> = {
  sync: "hello",
  exists: "changed",
  not_exists: "gone",
};
const LONGEST_HEADER = 512;

/**
 * A message of Google's, which is headers alone. Null when it cannot be one. A state nobody told us of counts as a
 * change: looking once too often is cheap.
 * https://developers.google.com/workspace/calendar/api/guides/push#understanding-the-notification-message-format
 */
export function readGoogleMessage(headers: Headers): WatchMessage | null {
  const read = (name: string) => headers.get(`x-goog-${name}`);
  const all = ["channel-id", "channel-token", "resource-id", "resource-state", "message-number"].map(read);
  if (all.some((value) => value !== null && value.length > LONGEST_HEADER)) return null;
  const [watchId, secret = null, resourceId = null, state, number] = all;
  if (!watchId || !state) return null;
  if (typeof number === "string" && !/^\d{1,15}$/.test(number)) return null;
  const expiresAt = Date.parse(read("channel-expiration") ?? "");
  return {
    watchId,
    secret,
    resourceId,
    state: STATES[state] ?? "changed",
    number: typeof number === "string" ? Number(number) : null,
    expiresAt: Number.isNaN(expiresAt) ? null : new Date(expiresAt),
  };
}

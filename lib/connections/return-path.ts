export const INTEGRATIONS_PATH = "/integrations";

// A base no path can leave by accident: what still parses to this host is a path of ours.
const PROBE = "http://return.invalid";

/**
 * A same-origin path from outside, or the integrations page. Browsers read `//host`, `/\host` and paths with
 * control characters as other places than they look like, so none of those survives, encoded or not.
 */
export function safeReturnPath(given: string | null | undefined): string {
  if (!given || given.length > 500 || !given.startsWith("/")) return INTEGRATIONS_PATH;
  if (hasTrap(given) || hasTrap(decoded(given))) return INTEGRATIONS_PATH;
  const url = URL.parse(given, PROBE);
  if (url === null || url.origin !== PROBE || url.pathname.startsWith("/api/")) return INTEGRATIONS_PATH;
  if (hasTrap(url.pathname)) return INTEGRATIONS_PATH; // Dots can fold into a host: `/..//host`.
  return url.pathname + url.search;
}

function hasTrap(path: string): boolean {
  return /^\/[/\\]|[\\\p{Cc}]/u.test(path);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return "\\"; // Broken escapes count as a trap: nobody links to them in good faith.
  }
}

/** Where a browser ends in the same tab: the path it came from, with the outcome in its query. */
export function withOutcome(path: string, words: Readonly<Record<string, string>>): string {
  const url = new URL(path, PROBE);
  for (const [name, word] of Object.entries(words)) url.searchParams.set(name, word);
  return url.pathname + url.search;
}

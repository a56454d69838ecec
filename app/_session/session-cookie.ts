const NAME = "next-auth.session-token";

/** The cookie that carries the session token; over https its prefix makes browsers insist on `Secure`. */
export function sessionCookieName(appOrigin: string): string {
  return appOrigin.startsWith("https:") ? `__Secure-${NAME}` : NAME;
}

export function callbackUrlCookieName(appOrigin: string): string {
  return appOrigin.startsWith("https:") ? "__Secure-next-auth.callback-url" : "next-auth.callback-url";
}

/** The cookies of a request by name. Browsers send no duplicates worth keeping: the first one counts. */
export function readCookies(header: string | null): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    const name = part.slice(0, at).trim();
    if (at > 0 && !Object.hasOwn(found, name)) found[name] = unescaped(part.slice(at + 1).trim());
  }
  return found;
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

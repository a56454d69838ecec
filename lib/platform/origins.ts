/** The real addresses production code writes. `PROVIDER_ORIGINS` may map each to a stand-in on loopback. */
export const VENDOR_ORIGINS = [
  "https://accounts.google.com",
  "https://oauth2.googleapis.com",
  "https://openidconnect.googleapis.com",
  "https://www.googleapis.com",
  "https://people.googleapis.com",
  "https://login.microsoftonline.com",
  "https://graph.microsoft.com",
] as const;

/** Whose origin it is. */
export function vendorOfOrigin(origin: string): "google" | "microsoft" {
  return origin.includes("microsoft") ? "microsoft" : "google";
}

export type OriginMap = ReadonlyMap<string, string>;

export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)
  );
}

/** Reads the JSON of `PROVIDER_ORIGINS`; every fault becomes one line, so a start can name them all at once. */
export function parseOriginMap(text: string): { map: OriginMap; faults: string[] } {
  const map = new Map<string, string>();
  const faults: string[] = [];
  let entries: [string, unknown][] = [];
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error("not an object");
    entries = Object.entries(value);
  } catch {
    faults.push(
      "PROVIDER_ORIGINS must be a JSON object from a vendor's origin to the origin that answers for it.",
    );
  }
  for (const [from, to] of entries) {
    if (!VENDOR_ORIGINS.some((origin) => origin === from)) {
      faults.push(`PROVIDER_ORIGINS names an unknown vendor origin: ${from}`);
      continue;
    }
    const target = typeof to === "string" ? URL.parse(to) : null;
    if (target === null || (target.protocol !== "http:" && target.protocol !== "https:")) {
      faults.push(`PROVIDER_ORIGINS: the target of ${from} is not an http(s) origin.`);
    } else if (!isLoopbackHost(target.hostname)) {
      faults.push(`PROVIDER_ORIGINS: the target of ${from} is not on loopback (${target.host}).`);
    } else {
      map.set(from, target.origin);
    }
  }
  return { map, faults };
}

/** The address to really contact for a vendor's address, e.g. the browser's redirect to the consent page. */
export function mapUrl(url: string | URL, origins: OriginMap): URL {
  const real = new URL(url);
  const target = origins.get(real.origin);
  return target === undefined ? real : new URL(real.pathname + real.search + real.hash, target);
}

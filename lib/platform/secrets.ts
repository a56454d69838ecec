export interface MasterKey {
  id: string;
  key: Buffer;
}

/** The value `.env.example` carries; whoever copies the file must replace it. */
const EXAMPLE = "replace-this-with-32-random-bytes-or-more";

/** Why a secret is too weak to start with, or null. Looks at length and variety, and knows the example's. */
export function weakness(secret: string): string | null {
  if (secret.length < 32) return "is shorter than 32 characters";
  if (new Set(secret).size < 4) return "repeats too few characters";
  if (secret === EXAMPLE) return "is still the example's value";
  return null;
}

/** Parses `kid:base64-of-32-bytes,…`; the first key encrypts, all decrypt. */
export function parseMasterKeys(text: string): { keys: MasterKey[]; faults: string[] } {
  const keys: MasterKey[] = [];
  const faults: string[] = [];
  for (const [index, part] of text.split(",").entries()) {
    const entry = part.trim();
    const colon = entry.indexOf(":");
    const id = entry.slice(0, colon);
    const key = Buffer.from(entry.slice(colon + 1), "base64");
    const place = `ENCRYPTION_KEYS, key ${index + 1}`;
    if (colon < 1 || !/^[\w.-]{1,32}$/.test(id)) faults.push(`${place}: must read kid:base64-of-32-bytes`);
    else if (key.length !== 32) faults.push(`${place} (${id}): is ${key.length} bytes, not 32`);
    else if (new Set(key).size < 4) faults.push(`${place} (${id}): repeats too few bytes`);
    else if (keys.some((known) => known.id === id)) faults.push(`${place} (${id}): the id is used twice`);
    else keys.push({ id, key });
  }
  return { keys, faults };
}

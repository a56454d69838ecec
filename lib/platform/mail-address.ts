/** Somebody a mail comes from or goes to. */
export interface MailAddress {
  name: string | null;
  address: string;
}

/** What every server takes: no quoted local parts, no address literals, and nothing that could end a header. */
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const NAMED = /^(.*?)\s*<([^<>]+)>$/s;

export function isMailAddress(text: string): boolean {
  return text.length <= 254 && ADDRESS.test(text) && !/^\.|\.\.|\.@/.test(text);
}

/** `kim@example.com` or `Kim <kim@example.com>`; null for anything else. */
export function parseMailAddress(text: string): MailAddress | null {
  const [, name = "", address = text] = NAMED.exec(text.trim()) ?? [];
  if (!isMailAddress(address.trim()) || name !== headerText(name)) return null;
  const bare = name.replace(/^"(.*)"$/, "$1").trim();
  return { name: bare === "" ? null : bare, address: address.trim() };
}

const LONGEST_HEADER = 200;

/**
 * A text as one header line may carry it. Line breaks and other controls would start a header of their own, and
 * marks that turn the direction of reading make a name look like another.
 */
export function headerText(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
  return line.length <= LONGEST_HEADER ? line : `${[...line].slice(0, LONGEST_HEADER - 1).join("")}…`;
}

/** A parsed `fields` parameter: the names to keep, each with the mask of what lies below, undefined for all of it. */
export type FieldMask = ReadonlyMap<string, FieldMask | undefined>;

export class MalformedMask extends Error {}

/** Reads Google's partial response syntax: `a,b/c,d(e,f)`, with `*` for any name. */
export function parseFieldMask(text: string): FieldMask {
  const reader = { text, at: 0 };
  const mask = readList(reader);
  if (reader.at !== text.length) throw new MalformedMask(`Invalid field selection ${text}`);
  return mask;
}

interface Reader {
  text: string;
  at: number;
}

function readList(reader: Reader): FieldMask {
  const mask = new Map<string, FieldMask | undefined>();
  do {
    const [name, below] = readField(reader);
    const existing = mask.get(name);
    mask.set(name, existing && below ? new Map([...existing, ...below]) : below);
  } while (skip(reader, ","));
  return mask;
}

function readField(reader: Reader): [string, FieldMask | undefined] {
  const name = /^[\w*-]+/.exec(reader.text.slice(reader.at))?.[0];
  if (name === undefined) throw new MalformedMask(`Invalid field selection ${reader.text}`);
  reader.at += name.length;
  if (skip(reader, "/")) return [name, new Map([readField(reader)])];
  if (!skip(reader, "(")) return [name, undefined];
  const below = readList(reader);
  if (!skip(reader, ")")) throw new MalformedMask(`Invalid field selection ${reader.text}`);
  return [name, below];
}

function skip(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

/** The part of a JSON value that a mask keeps. */
export function applyMask(value: unknown, mask: FieldMask | undefined): unknown {
  if (mask === undefined || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => applyMask(one, mask));
  const kept: Record<string, unknown> = {};
  for (const [name, below] of Object.entries(value)) {
    if (mask.has(name)) kept[name] = applyMask(below, mask.get(name));
    else if (mask.has("*")) kept[name] = applyMask(below, mask.get("*"));
  }
  return kept;
}

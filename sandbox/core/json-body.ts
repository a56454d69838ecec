import { Refusal, type SandboxContext } from "./context";

export type JsonObject = Record<string, unknown>;

/** The JSON object of a control request; an empty body counts as `{}`. */
export async function readJson(c: SandboxContext): Promise<JsonObject> {
  const text = await c.req.text();
  if (text.trim() === "") return {};
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refusal("The body must be a JSON object");
  return value as JsonObject;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : "The body is no JSON");
  }
}

/** 400 (or another status) with `{ error }`. */
export function refusal(message: string, status = 400): Refusal {
  return new Refusal(Response.json({ error: message }, { status }));
}

export function text(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw refusal(`${name} must be a text`);
  return value;
}

export function optionalText(body: JsonObject, name: string): string | undefined {
  return body[name] === undefined || body[name] === null || body[name] === "" ? undefined : text(body, name);
}

export function optionalNumber(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) throw refusal(`${name} must be a number`);
  return value;
}

export function optionalTexts(body: JsonObject, name: string): string[] | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  const items = typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : value;
  if (!Array.isArray(items) || !items.every((item) => typeof item === "string"))
    throw refusal(`${name} must be texts`);
  return items;
}

import { html } from "hono/html";
import type { SandboxContext } from "./context";
import type { Html } from "./html";
import type { JsonObject } from "./json-body";

/** A form's fields as a control request would carry them: empty ones left out, numeric ones as numbers. */
export async function readFields(c: SandboxContext, numbers: readonly string[] = []): Promise<JsonObject> {
  const fields = Object.entries(await c.req.parseBody()).filter(([, value]) => value !== "");
  return Object.fromEntries(
    fields.map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]),
  );
}

/** A text or number input with its label. */
export function field(
  name: string,
  label: string,
  attributes: { type?: string; value?: string; hint?: string } = {},
): Html {
  return html`<label>${label}<input name="${name}" type="${attributes.type ?? "text"}" value="${attributes.value ?? ""}"
 placeholder="${attributes.hint ?? ""}"></label>`;
}

export function choice(
  name: string,
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen = "",
): Html {
  return html`<label>${label}<select name="${name}">${options.map(
    ([value, text]) => html`<option value="${value}" ${value === chosen ? "selected" : ""}>${text}</option>`,
  )}</select></label>`;
}

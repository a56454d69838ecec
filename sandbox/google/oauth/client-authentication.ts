import type { SandboxContext } from "../../core/context";
import type { Google } from "../service";
import { clientNotFound, invalidRequest, wrongSecret } from "./errors";
import type { OAuthClient } from "./model";

export type Form = Record<string, string>;

/** The fields of a form body, each once; empty for any other body. */
export async function readForm(c: SandboxContext): Promise<Form> {
  if (!(c.req.header("content-type") ?? "").startsWith("application/x-www-form-urlencoded")) return {};
  const fields = await c.req.parseBody();
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === "string"),
  );
}

/** The client behind a token request, by `client_id` and `client_secret` in the body or by HTTP Basic. */
export function authenticateClient(google: Google, c: SandboxContext, form: Form): OAuthClient | Response {
  const { id, secret } = basicCredentials(c) ?? { id: form.client_id, secret: form.client_secret };
  if (!id) return invalidRequest("Could not determine client ID from request.");
  const client = google.oauth.clients.get(id);
  if (client === undefined) return clientNotFound();
  if (!secret) return invalidRequest("client_secret is missing.");
  return client.secret === secret ? client : wrongSecret();
}

function basicCredentials(c: SandboxContext): { id: string; secret: string } | undefined {
  const encoded = /^Basic (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString().split(":").map(formDecode);
  return { id, secret };
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

import type { Form } from "./client-authentication";
import { invalidGrant } from "./errors";
import type { AuthorizationCode, OAuthClient } from "./model";
import { sha256Base64Url } from "./secrets";

/** Why this code does not pass: unknown or used, too old, another client's, another address or verifier. */
export function checkCode(
  code: AuthorizationCode | undefined,
  client: OAuthClient,
  form: Form,
  nowMs: number,
): Response | undefined {
  if (code === undefined || code.clientId !== client.id) return invalidGrant("Malformed auth code.");
  if (code.expiresAt <= nowMs) return invalidGrant("Bad Request");
  if (code.redirectUri !== form.redirect_uri) return invalidGrant("Bad Request");
  if (code.challenge === undefined) return undefined;
  if (!form.code_verifier) return invalidGrant("Missing code verifier.");
  const given = code.challengeMethod === "S256" ? sha256Base64Url(form.code_verifier) : form.code_verifier;
  return given === code.challenge ? undefined : invalidGrant("Invalid code verifier.");
}

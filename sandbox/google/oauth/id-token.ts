import { createHash } from "node:crypto";
import type { Account } from "../accounts";
import { hasEmail, hasProfile } from "./scopes";

export const ISSUER = "https://accounts.google.com";

const LIFE_SECONDS = 3_600;

/** What userinfo and the id token say of an account, as far as the scopes reach. */
export function profileClaims(account: Account, scopes: readonly string[]): Record<string, unknown> {
  const names = { name: account.name, given_name: account.givenName, family_name: account.familyName };
  const picture = `https://lh3.googleusercontent.com/a/${account.sub}=s96-c`;
  return {
    sub: account.sub,
    ...(hasProfile(scopes) && { ...names, picture }),
    ...(hasEmail(scopes) && { email: account.email, email_verified: account.emailVerified }),
  };
}

/** Claims of an id token, developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload. */
export function idTokenClaims(input: {
  account: Account;
  clientId: string;
  scopes: readonly string[];
  nonce: string | undefined;
  accessToken: string;
  nowMs: number;
}): Record<string, unknown> {
  const iat = Math.floor(input.nowMs / 1_000);
  return {
    iss: ISSUER,
    azp: input.clientId,
    aud: input.clientId,
    ...profileClaims(input.account, input.scopes),
    at_hash: leftHalfHash(input.accessToken),
    ...(input.nonce !== undefined && { nonce: input.nonce }),
    iat,
    exp: iat + LIFE_SECONDS,
  };
}

function leftHalfHash(token: string): string {
  return createHash("sha256").update(token).digest().subarray(0, 16).toString("base64url");
}

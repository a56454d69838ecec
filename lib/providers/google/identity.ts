import { authorizationCodeGrant, type Configuration, fetchUserInfo, type IDToken } from "openid-client";
import {
  GOOGLE_ISSUER,
  type GoogleClientOptions,
  googleConfiguration,
} from "@/lib/providers/google/discovery";
import { googleOAuthError } from "@/lib/providers/google/errors";
import type { Identity, IdentityCallback, IdentityProvider } from "@/lib/providers/identity-provider";
import { ProviderError } from "@/lib/providers/provider-error";

/** Google as identity provider. Every request goes through `fetch`, the one door. */
export function createGoogleIdentity(options: GoogleClientOptions): IdentityProvider {
  const configuration = googleConfiguration(options);
  return {
    vendor: "google",
    clientId: options.clientId,
    issuer: GOOGLE_ISSUER,
    authorizationEndpoint: async () => {
      const endpoint = (await configuration()).serverMetadata().authorization_endpoint;
      if (endpoint === undefined) throw new ProviderError("malformed_response", { detail: "discovery" });
      return new URL(endpoint);
    },
    identify: async (callback) => identify(await configuration(), callback),
  };
}

async function identify(config: Configuration, callback: IdentityCallback): Promise<Identity> {
  const url = new URL(callback.redirectUri);
  url.search = callback.parameters.toString();
  const tokens = await authorizationCodeGrant(config, url, {
    expectedState: callback.state,
    expectedNonce: callback.nonce,
    pkceCodeVerifier: callback.codeVerifier,
    idTokenExpected: true,
  }).catch(rethrow);
  const claims = tokens.claims();
  if (claims === undefined) throw new ProviderError("malformed_response", { detail: "id_token" });
  return describe(config, tokens.access_token, claims);
}

/** Google may leave the profile out of the id token; the same subject's userinfo then has it. */
async function describe(config: Configuration, accessToken: string, claims: IDToken): Promise<Identity> {
  const complete = typeof claims.email === "string" && typeof claims.name === "string";
  const described = complete ? claims : await fetchUserInfo(config, accessToken, claims.sub).catch(rethrow);
  const { email, email_verified: verified, name } = { ...claims, ...described };
  if (typeof email !== "string") throw new ProviderError("malformed_response", { detail: "email" });
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: email.toLowerCase(),
    emailVerified: verified !== false && verified !== "false",
    name: typeof name === "string" && name.trim() !== "" ? name.trim() : email,
  };
}

function rethrow(error: unknown): never {
  throw googleOAuthError(error);
}

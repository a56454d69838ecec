import {
  ClientSecretPost,
  type Configuration,
  type CustomFetchOptions,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
} from "openid-client";
import type { ProviderFetch } from "@/lib/platform/http";
import { googleOAuthError } from "@/lib/providers/google/errors";

export const GOOGLE_ISSUER = "https://accounts.google.com";

export interface GoogleClientOptions {
  clientId: string;
  clientSecret: string;
  fetch: ProviderFetch;
}

/** Google's endpoints and keys, found once. A failed discovery is forgotten, so a bad minute stays a minute. */
export function googleConfiguration(options: GoogleClientOptions): () => Promise<Configuration> {
  let known: Promise<Configuration> | undefined;
  return () => {
    known ??= discover(options).catch((error: unknown) => {
      known = undefined;
      throw googleOAuthError(error);
    });
    return known;
  };
}

function discover({ clientId, clientSecret, fetch }: GoogleClientOptions): Promise<Configuration> {
  const send = (url: string, request: CustomFetchOptions) => fetch(url, request as RequestInit);
  return discovery(
    new URL(GOOGLE_ISSUER),
    clientId,
    { id_token_signed_response_alg: "RS256" },
    ClientSecretPost(clientSecret),
    // Trust in TLS is not enough here: the signature of the id token is checked against the published keys.
    { [customFetch]: send, execute: [enableNonRepudiationChecks] },
  );
}

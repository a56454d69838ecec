import type { Core } from "../../core/context";
import type { Collection } from "../../core/store";

export interface OAuthClient {
  id: string;
  secret: string;
  name: string;
  /** Exact matches only. */
  redirectUris: string[];
}

/** What an account has allowed a client, over all its consents. */
export interface Grant {
  account: string;
  clientId: string;
  scopes: string[];
  /** Whether offline access was part of it. */
  offline: boolean;
  grantedAt: number;
}

export interface AuthorizationCode {
  code: string;
  account: string;
  clientId: string;
  redirectUri: string;
  scopes: string[];
  /** S256 or plain challenge; absent without PKCE. */
  challenge?: string;
  challengeMethod?: "S256" | "plain";
  nonce?: string;
  withRefreshToken: boolean;
  expiresAt: number;
}

export interface AccessToken {
  account: string;
  clientId: string;
  scopes: string[];
  offline: boolean;
  expiresAt: number;
}

export interface RefreshToken {
  token: string;
  account: string;
  clientId: string;
  scopes: string[];
  issuedAt: number;
  lastUsedAt: number;
  /** End of time-based access, when the user limited it. */
  expiresAt?: number;
}

/** An authorization request on its way through account chooser and consent. */
export interface Flow {
  id: string;
  clientId: string;
  redirectUri: string;
  scopes: string[];
  state?: string;
  nonce?: string;
  challenge?: string;
  challengeMethod?: "S256" | "plain";
  offline: boolean;
  prompts: string[];
  includeGranted: boolean;
  loginHint?: string;
  account?: string;
  startedAt: number;
}

export interface OAuthCollections {
  clients: Collection<OAuthClient>;
  /** By `account clientId`. */
  grants: Collection<Grant>;
  codes: Collection<AuthorizationCode>;
  accessTokens: Collection<AccessToken>;
  refreshTokens: Collection<RefreshToken>;
  flows: Collection<Flow>;
  /** By account: how its refreshes fail. */
  refreshFailures: Collection<RefreshFailure>;
}

export const REFRESH_FAILURES = [
  "none",
  "invalid_grant",
  "admin_policy_enforced",
  "invalid_client",
  "unavailable",
] as const;
export type RefreshFailure = (typeof REFRESH_FAILURES)[number];

export function openCollections({ store }: Core): OAuthCollections {
  return {
    clients: store.collection("google.oauth.clients"),
    grants: store.collection("google.oauth.grants"),
    codes: store.collection("google.oauth.codes"),
    accessTokens: store.collection("google.oauth.accessTokens"),
    refreshTokens: store.collection("google.oauth.refreshTokens"),
    flows: store.collection("google.oauth.flows"),
    refreshFailures: store.collection("google.oauth.refreshFailures"),
  };
}

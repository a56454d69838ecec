import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  refreshTokenGrant,
  tokenRevocation,
} from "openid-client";
import type {
  AuthorizationRequest,
  Capabilities,
  ExchangeRequest,
  Grant,
  ProviderOAuth,
} from "@/lib/providers/calendar-provider";
import {
  GOOGLE_ISSUER,
  type GoogleClientOptions,
  googleConfiguration,
} from "@/lib/providers/google/discovery";
import { googleCallbackError, googleOAuthError } from "@/lib/providers/google/errors";
import { ProviderError } from "@/lib/providers/provider-error";

const SCOPE_ROOT = "https://www.googleapis.com/auth/";
const CALENDAR_SCOPES = [`${SCOPE_ROOT}calendar.events`, `${SCOPE_ROOT}calendar.calendarlist.readonly`];

/** A token answer without a lifetime is treated as due soon, not as good for ever. */
const UNSTATED_LIFETIME_SECONDS = 600;

// `calendar.events` alone cannot list calendars, and `…events.owned` misses those shared with the person.
// https://developers.google.com/workspace/calendar/api/auth
const LISTS = ["calendar", "calendar.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly"];
const READS = ["calendar", "calendar.readonly", "calendar.events", "calendar.events.readonly"];
const WRITES = ["calendar", "calendar.events"];

/** Consent and tokens at Google. Talks to the real addresses; `fetch` decides who answers. */
export function createGoogleOAuth(options: GoogleClientOptions): ProviderOAuth {
  const configuration = googleConfiguration(options);
  return {
    calendarScopes: CALENDAR_SCOPES,
    revokes: true,
    capabilities,
    authorizationUrl: async (request) => authorizationUrl(await configuration(), request),
    exchange: async (request) => {
      judgeCallback(request.callbackUrl);
      return exchange(await configuration(), request);
    },
    refresh: async (refreshToken) => {
      const config = await configuration();
      const tokens = await refreshTokenGrant(config, refreshToken).catch(rethrow);
      return {
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token ?? null,
        expiresInSeconds: tokens.expires_in ?? UNSTATED_LIFETIME_SECONDS,
        scopes: tokens.scope === undefined ? null : splitScopes(tokens.scope),
      };
    },
    revoke: async (token) => {
      const config = await configuration();
      await tokenRevocation(config, token).catch((error: unknown) => {
        const failure = googleOAuthError(error);
        if (failure.kind !== "gone") throw failure;
      });
    },
  };
}

async function authorizationUrl(config: Configuration, request: AuthorizationRequest): Promise<URL> {
  return buildAuthorizationUrl(config, {
    redirect_uri: request.redirectUri,
    scope: ["openid", "email", ...CALENDAR_SCOPES].join(" "),
    state: request.state,
    nonce: request.nonce,
    code_challenge: await calculatePKCECodeChallenge(request.codeVerifier),
    code_challenge_method: "S256",
    // A refresh token comes only with offline access, and after the first time only with a new consent.
    access_type: "offline",
    prompt: "consent select_account",
    include_granted_scopes: "true",
    ...(request.loginHint === null ? {} : { login_hint: request.loginHint }),
  });
}

/** An error brought by the browser needs no request to be understood; an issuer it names must be ours. */
function judgeCallback({ searchParams }: URL): void {
  const code = searchParams.get("error");
  const issuer = searchParams.get("iss");
  if (issuer !== null && issuer !== GOOGLE_ISSUER)
    throw new ProviderError("precondition_failed", { detail: "iss" });
  if (code !== null) throw googleCallbackError(code);
}

async function exchange(config: Configuration, request: ExchangeRequest): Promise<Grant> {
  const callback = new URL(request.redirectUri);
  callback.search = request.callbackUrl.search;
  const tokens = await authorizationCodeGrant(config, callback, {
    expectedState: request.state,
    expectedNonce: request.nonce,
    pkceCodeVerifier: request.codeVerifier,
    idTokenExpected: true,
  }).catch(rethrow);
  const claims = tokens.claims();
  if (claims === undefined) throw new ProviderError("malformed_response", { detail: "id_token" });
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: typeof claims.email === "string" ? claims.email : claims.sub,
    scopes: tokens.scope === undefined ? CALENDAR_SCOPES : splitScopes(tokens.scope),
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? null,
    expiresInSeconds: tokens.expires_in ?? UNSTATED_LIFETIME_SECONDS,
  };
}

function capabilities(granted: readonly string[]): Capabilities {
  const holds = (names: string[]) => names.some((name) => granted.includes(SCOPE_ROOT + name));
  const readEvents = holds(LISTS) && holds(READS);
  return { readEvents, writeEvents: readEvents && holds(WRITES), contacts: false, presence: false };
}

function splitScopes(scope: string): string[] {
  return [...new Set(scope.split(/\s+/).filter((name) => name !== ""))].sort();
}

function rethrow(error: unknown): never {
  throw googleOAuthError(error);
}

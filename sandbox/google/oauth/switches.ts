import type { Core } from "../../core/context";
import { REFRESH_FAILURES } from "./model";

export type OAuthSwitches = ReturnType<typeof defineOAuthSwitches>;

export function defineOAuthSwitches({ switches }: Core) {
  const define = switches.define;
  return {
    anyLoopbackRedirect: define(
      "google.oauth.anyLoopbackRedirect",
      true,
      "A registered redirect address is accepted on every loopback host and port",
    ),
    expiresIn: define("google.oauth.expiresIn", 3599, "Life of an access token, in seconds"),
    codeSeconds: define("google.oauth.codeSeconds", 600, "Life of an authorization code, in seconds"),
    maxRefreshTokens: define(
      "google.oauth.maxRefreshTokens",
      100,
      "Live refresh tokens per account and client; one more kills the oldest",
    ),
    testingApp: define(
      "google.oauth.testingApp",
      false,
      "The app is in testing: refresh tokens die after 7 days unless they are for identity only",
    ),
    idleDays: define("google.oauth.idleDays", 180, "Days without use after which a refresh token dies"),
    refreshTokenExpiresIn: define(
      "google.oauth.refreshTokenExpiresIn",
      0,
      "Time-based access: life of new refresh tokens, in seconds; 0 means unlimited",
    ),
    refreshFailure: define(
      "google.oauth.refreshFailure",
      "none",
      "How every refresh fails",
      REFRESH_FAILURES,
    ),
    shuffleScopes: define(
      "google.oauth.shuffleScopes",
      true,
      "Token responses list scopes in another order than asked",
    ),
  };
}

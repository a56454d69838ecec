import type { Routes } from "../../core/context";
import { ISSUER } from "./id-token";
import type { SigningKey } from "./signing-key";

// The addresses are Google's own, as accounts.google.com/.well-known/openid-configuration has them.
const CONFIGURATION = {
  issuer: ISSUER,
  authorization_endpoint: "https://accounts.google.com/o/oauth2/v2/auth",
  device_authorization_endpoint: "https://oauth2.googleapis.com/device/code",
  token_endpoint: "https://oauth2.googleapis.com/token",
  userinfo_endpoint: "https://openidconnect.googleapis.com/v1/userinfo",
  revocation_endpoint: "https://oauth2.googleapis.com/revoke",
  jwks_uri: "https://www.googleapis.com/oauth2/v3/certs",
  response_types_supported: ["code"],
  response_modes_supported: ["query"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256"],
  scopes_supported: ["openid", "email", "profile"],
  token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
  claims_supported: [
    "aud",
    "email",
    "email_verified",
    "exp",
    "family_name",
    "given_name",
    "iat",
    "iss",
    "name",
    "picture",
    "sub",
  ],
  code_challenge_methods_supported: ["plain", "S256"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  authorization_response_iss_parameter_supported: true,
};

export function addDiscoveryRoutes(routes: Routes, key: SigningKey): void {
  const cached = { headers: { "cache-control": "public, max-age=3600" } };
  routes.add("oauth.discovery", "GET", "/.well-known/openid-configuration", () =>
    Response.json(CONFIGURATION, cached),
  );
  routes.add("oauth.certs", "GET", "/oauth2/v3/certs", async () =>
    Response.json(await key.publicJwks(), cached),
  );
}

import type { Adapter, AdapterUser } from "next-auth/adapters";
import type { OAuthConfig } from "next-auth/providers/oauth";
import type { Runtime } from "@/inngest/runtime";
import { closeSession, findSession, openSession } from "@/lib/organizations/sessions";
import type { FirstSignIn } from "@/lib/organizations/users";
import { findOrCreateBySignIn, userByIdentity } from "@/lib/organizations/users";

export type IdentityProvider = Runtime["identities"][number];
type Identity = Awaited<ReturnType<IdentityProvider["identify"]>>;

/** What one request to next-auth learns on its way; it lives as long as the request. */
export interface AuthAttempt {
  identity: Identity | null;
  failure: unknown;
  /** The session cookie the browser came with. */
  previousToken: string | null;
  first: FirstSignIn;
}

const SCOPES = "openid email profile";

/**
 * A vendor in next-auth's terms, with its requests replaced by ours, because next-auth's own would not go through
 * the one door. Its `state`, `nonce` and PKCE cookies stay; `identify` checks what they hold.
 */
export function oauthProvider(
  provider: IdentityProvider,
  consent: URL | null,
  attempt: AuthAttempt,
): OAuthConfig<Identity> {
  return {
    id: provider.vendor,
    name: provider.vendor,
    type: "oauth",
    issuer: provider.issuer,
    clientId: provider.clientId,
    checks: ["pkce", "state", "nonce"],
    authorization: {
      ...(consent === null ? {} : { url: consent.href }),
      params: { scope: SCOPES, prompt: "select_account" },
    },
    token: {
      request: async ({ params, checks, provider: { callbackUrl } }) => {
        const parameters = new URLSearchParams();
        for (const [name, value] of Object.entries(params)) {
          if (typeof value === "string") parameters.set(name, value);
        }
        attempt.identity = await provider
          .identify({
            redirectUri: callbackUrl,
            parameters,
            state: check(checks, "state"),
            nonce: check(checks, "nonce"),
            codeVerifier: check(checks, "code_verifier"),
          })
          .catch((error: unknown) => {
            attempt.failure = error;
            throw error;
          });
        return { tokens: {} };
      },
    },
    userinfo: { request: async () => ({ ...known(attempt) }) },
    profile: () => {
      const { subject, email, name } = known(attempt);
      return { id: subject, email, name };
    },
  };
}

/** A check next-auth did not fill in would compare equal to nothing sent: refuse instead. */
function check(checks: object, name: "state" | "nonce" | "code_verifier"): string {
  const value = (checks as Record<string, unknown>)[name];
  if (typeof value !== "string" || value.length < 20) throw new TypeError(`sign-in without ${name}`);
  return value;
}

function known(attempt: AuthAttempt): Identity {
  if (attempt.identity === null) throw new TypeError("sign-in without an identity");
  return attempt.identity;
}

/**
 * Users and sessions for next-auth. A callback never sees the running session, so a sign-in can link nothing to it,
 * and no user is ever found by e-mail.
 */
export function authAdapter(runtime: Runtime, attempt: AuthAttempt, action: string): Adapter {
  const { db, clock } = runtime.services;
  const asUser = (user: { id: string; email: string; name: string }): AdapterUser => ({
    ...user,
    emailVerified: null,
  });
  return {
    getUser: () => null,
    getUserByEmail: () => null,
    getUserByAccount: async () => {
      const user = await userByIdentity(db, known(attempt));
      return user === null ? null : asUser(user);
    },
    createUser: async () => {
      const identity = known(attempt);
      const { id } = await findOrCreateBySignIn(db, identity, attempt.first, clock.now());
      return asUser({ id, email: identity.email, name: identity.name });
    },
    updateUser: () => Promise.reject(new Error("users change through their own verb")),
    linkAccount: async () => undefined,
    createSession: async ({ sessionToken, userId, expires }) => {
      await openSession(db, {
        token: sessionToken,
        userId,
        expiresAt: expires,
        replaces: attempt.previousToken,
      });
      return { sessionToken, userId, expires };
    },
    getSessionAndUser: async (sessionToken) => {
      const found = action === "callback" ? null : await findSession(db, sessionToken, clock.now());
      if (found === null) return null;
      return {
        session: { sessionToken, userId: found.user.id, expires: found.expiresAt },
        user: asUser(found.user),
      };
    },
    updateSession: () => null,
    deleteSession: (sessionToken) => closeSession(db, sessionToken),
  };
}

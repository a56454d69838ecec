import type { AuthOptions } from "next-auth";
import { type AuthAttempt, authAdapter, oauthProvider } from "@/app/_session/auth-attempt";
import { returnPath } from "@/app/_session/return-to";
import { type SignInError, signInPath } from "@/app/_session/sign-in-error";
import type { Runtime } from "@/inngest/runtime";
import { refreshEmail, userByIdentity } from "@/lib/organizations/users";
import { randomToken } from "@/lib/platform/crypto";
import { log } from "@/lib/platform/log";
import { mapUrl } from "@/lib/platform/origins";

const SESSION_SECONDS = 30 * 24 * 60 * 60;

/** next-auth's options for one request. Starting a sign-in asks the vendor where its consent page is. */
export async function authOptions(
  runtime: Runtime,
  attempt: AuthAttempt,
  action: string,
): Promise<AuthOptions> {
  const { env, identities } = runtime;
  const providers = identities.map(async (identity) => {
    const consent = action === "signin" ? mapUrl(await identity.authorizationEndpoint(), env.origins) : null;
    return oauthProvider(identity, consent, attempt);
  });
  return {
    providers: await Promise.all(providers),
    adapter: authAdapter(runtime, attempt, action),
    secret: env.NEXTAUTH_SECRET,
    useSecureCookies: env.appOrigin.startsWith("https:"),
    session: {
      strategy: "database",
      maxAge: SESSION_SECONDS,
      updateAge: SESSION_SECONDS,
      generateSessionToken: randomToken,
    },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    callbacks: {
      signIn: async () => {
        const refusal = await refusalOf(runtime, attempt);
        return refusal === null ? true : env.appOrigin + signInPath({ error: refusal });
      },
      redirect: ({ url }) => env.appOrigin + returnPath(url, env.appOrigin),
      // A client's `update` may bring anything; what a session says comes from the database alone.
      session: ({ session }) => session,
    },
    logger: {
      error: (code) => log.warn({ event: "sign_in.problem", code, err: attempt.failure ?? undefined }),
      warn: (code) => log.info({ event: "sign_in.warning", code }),
      debug: () => undefined,
    },
  };
}

/** Why a proven identity may not come in, or null. */
async function refusalOf(runtime: Runtime, { identity }: AuthAttempt): Promise<SignInError | null> {
  if (identity === null || !identity.emailVerified) return "failed";
  const user = await userByIdentity(runtime.services.db, identity);
  if (user === null) return runtime.env.SIGNUP === "open" ? null : "signup_closed";
  if (user.disabled) return "disabled";
  await refreshEmail(runtime.services.db, user, identity.email);
  return null;
}

import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { PATH_HEADER } from "@/app/_session/path-header";
import { returnPath } from "@/app/_session/return-to";
import { sessionCookieName } from "@/app/_session/session-cookie";
import { signInPath } from "@/app/_session/sign-in-error";
import { runtime } from "@/inngest/runtime";
import type { Ctx } from "@/lib/organizations/context";
import { findSession, type SignedIn, sessionCtx } from "@/lib/organizations/sessions";

export type Session = SignedIn;

/** Who is signed in, or null. Asked of the database once per request. */
export const getSession = cache(async (): Promise<Session | null> => {
  const { env, services } = runtime();
  const token = (await cookies()).get(sessionCookieName(env.appOrigin))?.value;
  return token === undefined ? null : findSession(services.db, token, services.clock.now());
});

/** The session, or a redirect to the sign-in page, which leads back to the page asked for. */
export async function requireSession(): Promise<Session> {
  const session = await getSession();
  if (session !== null) return session;
  const path = (await headers()).get(PATH_HEADER);
  redirect(signInPath({ returnTo: returnPath(path, runtime().env.appOrigin) }));
}

/** What queries and verbs of the signed-in person need; the ids in it are proof of this gate. */
export const requireCtx = cache(async (): Promise<Ctx> => {
  const { services } = runtime();
  return sessionCtx(services.db, await requireSession(), services.clock.now());
});

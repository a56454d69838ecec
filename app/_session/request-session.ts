import type { Runtime } from "@/inngest/runtime";
import type { Ctx } from "@/lib/organizations/context";
import { findSession, sessionCtx } from "@/lib/organizations/sessions";

/** The caller behind a session cookie, read afresh; null without a living session. */
export async function readSession({ services }: Runtime, token: string | null): Promise<Ctx | null> {
  if (token === null || token === "") return null;
  const now = services.clock.now();
  const signedIn = await findSession(services.db, token, now);
  return signedIn === null ? null : sessionCtx(services.db, signedIn, now);
}

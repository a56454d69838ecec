import { cookies, headers } from "next/headers";
import type { z } from "zod";
import { type ActionAnswer, type ActionInput, performAction } from "@/app/_session/perform-action";
import { readSession } from "@/app/_session/request-session";
import { sessionCookieName } from "@/app/_session/session-cookie";
import { runtime } from "@/inngest/runtime";

/**
 * The only way to write a server action: a living session, the request's own origin, input by schema, and answers
 * that carry codes alone. The page puts codes into words.
 */
export function action<S extends z.ZodType, T>(
  schema: S,
  work: (given: ActionInput<z.output<S>>) => Promise<T>,
): (input: z.input<S>) => Promise<ActionAnswer<T>> {
  return async (input) => {
    const made = runtime();
    const token = (await cookies()).get(sessionCookieName(made.env.appOrigin))?.value ?? null;
    const origin = (await headers()).get("origin");
    return performAction({ runtime: made, origin, ctx: () => readSession(made, token), schema, input, work });
  };
}

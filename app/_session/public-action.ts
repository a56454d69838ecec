import { headers } from "next/headers";
import type { z } from "zod";
import { type ActionAnswer, type PublicActionRun, performPublicAction } from "@/app/_session/perform-action";
import { runtime } from "@/inngest/runtime";
import { clientAddress } from "@/lib/platform/rate-limit-address";

/**
 * The only way to write a server action for people without an account: the request's own origin, attempts counted by
 * network address, input by schema, and answers that carry codes alone.
 */
export function publicAction<S extends z.ZodType, T>(
  schema: S,
  work: PublicActionRun<S, T>["work"],
): (input: unknown) => Promise<ActionAnswer<T>> {
  return async (input) => {
    const made = runtime();
    const received = await headers();
    const address = clientAddress(received, made.env.TRUST_PROXY);
    return performPublicAction({
      runtime: made,
      origin: received.get("origin"),
      address,
      schema,
      input,
      work,
    });
  };
}

"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { setLocale } from "@/app/_i18n/actions";
import { action } from "@/app/_session/action";
import { createApiKey, revokeApiKey } from "@/lib/organizations/api-keys";
import { API_SCOPES, requireScope } from "@/lib/organizations/context";
import { meChange, updateMe } from "@/lib/organizations/me";

export const saveProfile = action(meChange, async ({ ctx, input }) => {
  await updateMe(ctx, input);
  // The language of a page follows the browser's cookie first.
  if (input.locale !== undefined) await setLocale(input.locale);
  revalidatePath("/", "layout");
});

export const makeKey = action(
  z.object({ scopes: z.array(z.enum(API_SCOPES)).min(1) }),
  async ({ ctx, input }) => {
    for (const scope of input.scopes) requireScope(ctx, scope);
    const { userId, actor } = ctx;
    const { key } = await createApiKey(ctx.db, { userId, scopes: input.scopes, actor }, ctx.now);
    revalidatePath("/settings");
    return { key };
  },
);

export const revokeKey = action(z.object({ id: z.uuid() }), async ({ ctx, input }) => {
  await revokeApiKey(ctx, input.id);
  revalidatePath("/settings");
});

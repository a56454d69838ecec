"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_session/action";
import { markAllNoticesRead, markNoticeRead } from "@/lib/organizations/read-notices";

const readOne = action(z.object({ id: z.uuid() }), ({ ctx, input }) => markNoticeRead(ctx, input.id));
const readAll = action(z.undefined(), ({ ctx }) => markAllNoticesRead(ctx));

/** Forms that work without scripts. What is refused shows on the page that is read again: nothing was marked. */
export async function markRead(form: FormData): Promise<void> {
  await readOne({ id: String(form.get("id")) });
  revalidatePath("/notifications", "layout");
}

export async function markAllRead(): Promise<void> {
  await readAll(undefined);
  revalidatePath("/notifications", "layout");
}

"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/app/_session/action";
import { limitCostly } from "@/app/_session/limit-caller";
import { decideBulkChange, restoreBulkChangeEvents } from "@/lib/bookings/decide-bulk-change";

const choiceInput = z.object({ id: z.uuid(), choice: z.enum(["accept", "hold", "restore"]) });

const decide = action(choiceInput, async ({ ctx, services, input: { id, choice } }) => {
  if (choice !== "restore") return decideBulkChange(services, ctx, id, { decision: choice });
  await limitCostly(ctx, "sync");
  return restoreBulkChangeEvents(services, ctx, id);
});

/** A plain form's word on a wholesale change. Leads back to its page, which says what came of it. */
export async function choose(form: FormData): Promise<void> {
  const [id, choice] = [String(form.get("id")), String(form.get("choice"))];
  const answer = await decide({ id, choice } as z.input<typeof choiceInput>);
  const query = new URLSearchParams(answer.ok ? { done: choice } : { refused: answer.error.code });
  redirect(`/integrations/changes/${encodeURIComponent(id)}?${query}`);
}

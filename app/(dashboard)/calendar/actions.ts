"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_session/action";
import { timeOffForm, toTimeOff } from "@/app/(dashboard)/calendar/time-off-form";
import { createTimeOff, deleteTimeOff } from "@/lib/bookings/time-off";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import { getMe } from "@/lib/organizations/me";
import { overrideEvent } from "@/lib/sync/override-event";

export const addTimeOff = action(timeOffForm, async ({ ctx, input }) => {
  const { timeZone } = await getMe(ctx);
  await createTimeOff(ctx, toTimeOff(input, parseTimeZone(timeZone) ?? UTC));
  revalidatePath("/calendar");
});

export const removeTimeOff = action(z.object({ id: z.uuid() }), async ({ ctx, input }) => {
  await deleteTimeOff(ctx, input.id);
  revalidatePath("/calendar");
});

export const decideBlocking = action(
  z.object({ id: z.uuid(), blocks: z.boolean().nullable() }),
  async ({ ctx, input }) => {
    await overrideEvent(ctx, input.id, input.blocks);
    revalidatePath("/calendar");
  },
);

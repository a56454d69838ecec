"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_session/action";
import { putWorkingHours } from "@/lib/bookings/working-hours";
import { workingHoursInput } from "@/lib/bookings/working-hours-input";

/** `seen`: what the form began with, so that nobody overwrites hours they never saw. */
const input = z.strictObject({ hours: workingHoursInput, seen: workingHoursInput });

export const saveHours = action(input, async ({ ctx, input: { hours, seen } }) => {
  await putWorkingHours(ctx, hours, seen);
  // A new zone changes the hours every page shows.
  revalidatePath("/", "layout");
});

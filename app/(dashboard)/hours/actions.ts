"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_session/action";
import { putWorkingHours } from "@/lib/bookings/working-hours";
import { workingHoursInput } from "@/lib/bookings/working-hours-input";

export const saveHours = action(workingHoursInput, async ({ ctx, input }) => {
  await putWorkingHours(ctx, input);
  // A new zone changes the hours every page shows.
  revalidatePath("/", "layout");
});

"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/app/_session/action";
import { serviceChange, serviceInput } from "@/lib/bookings/service-input";
import { createService, deleteService, updateService } from "@/lib/bookings/services";

const id = z.uuid();

export const addService = action(serviceInput, async ({ ctx, input }) => {
  await createService(ctx, input);
  revalidatePath("/services");
});

export const saveService = action(z.object({ id, service: serviceChange }), async ({ ctx, input }) => {
  await updateService(ctx, input.id, input.service);
  revalidatePath("/services");
});

export const offerService = action(z.object({ id, active: z.boolean() }), async ({ ctx, input }) => {
  await updateService(ctx, input.id, { active: input.active });
  revalidatePath("/services");
});

export const removeService = action(z.object({ id }), async ({ ctx, input }) => {
  await deleteService(ctx, input.id);
  revalidatePath("/services");
});

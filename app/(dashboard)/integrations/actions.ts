"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ConnectStart } from "@/app/_components/connect/start-connect";
import { action } from "@/app/_session/action";
import { requireSession } from "@/app/_session/gate";
import { limitCostly } from "@/app/_session/limit-caller";
import { closeAttempt } from "@/lib/connections/attempts";
import { beginConnect } from "@/lib/connections/begin-connect";
import { chooseTarget } from "@/lib/connections/choose-target";
import { disconnect } from "@/lib/connections/disconnect";
import { requestExports } from "@/lib/connections/request-exports";
import { requestSync } from "@/lib/connections/request-sync";
import { updateSettings } from "@/lib/connections/settings";
import { settingsInput } from "@/lib/connections/settings-input";
import { requestProbe } from "@/lib/sync/probe/request-probe";

const integrationId = z.uuid();

export const rename = action(
  z.object({ integrationId, nickname: z.string().max(100) }),
  async ({ ctx, services, input }) => {
    await updateSettings(services, ctx, input.integrationId, { nickname: input.nickname.trim() || null });
    revalidatePath("/integrations");
  },
);

export const saveSettings = action(
  z.object({ integrationId, settings: settingsInput.omit({ calendars: true }) }),
  async ({ ctx, services, input }) => {
    await updateSettings(services, ctx, input.integrationId, input.settings);
    revalidatePath("/integrations");
  },
);

export const checkCalendar = action(
  z.object({ integrationId, calendarId: z.uuid(), checkForConflicts: z.boolean() }),
  async ({ ctx, services, input }) => {
    const calendars = [{ id: input.calendarId, checkForConflicts: input.checkForConflicts }];
    await updateSettings(services, ctx, input.integrationId, { calendars });
    revalidatePath("/integrations");
  },
);

export const addBookingsTo = action(
  z.object({ integrationId, calendarId: z.uuid() }).nullable(),
  async ({ ctx, services, input }) => {
    const target =
      input === null ? null : { connectionId: input.integrationId, calendarId: input.calendarId };
    await chooseTarget(services, ctx, target);
    revalidatePath("/integrations");
  },
);

export const exportNow = action(z.object({ integrationId }), async ({ ctx, services, input }) => {
  await limitCostly(ctx, "sync");
  await requestExports(services, ctx, input.integrationId);
  revalidatePath("/integrations");
});

export const syncNow = action(z.object({ integrationId }), async ({ ctx, services, input }) => {
  await limitCostly(ctx, "sync");
  await requestSync(services, ctx, input.integrationId);
  revalidatePath("/integrations");
});

export const testCalendar = action(
  z.object({ integrationId, calendarId: z.uuid() }),
  async ({ ctx, services, input }) => {
    await limitCostly(ctx, "sync");
    await requestProbe(services, ctx, input.integrationId, input.calendarId);
    revalidatePath("/integrations");
  },
);

export const disconnectIntegration = action(
  z.object({ integrationId, exportedEvents: z.enum(["keep", "remove"]) }),
  async ({ ctx, services, input }) => {
    await disconnect(services, ctx, input.integrationId, { exportedEvents: input.exportedEvents });
    revalidatePath("/", "layout");
  },
);

export const startConnect = action(
  z.object({ provider: z.enum(["google", "microsoft"]), integrationId: integrationId.optional() }),
  async ({ ctx, services, input }): Promise<ConnectStart> => {
    const { sessionHash } = await requireSession();
    await limitCostly(ctx, "connect");
    const begun = await beginConnect(services, ctx, {
      vendor: input.provider,
      integrationId: input.integrationId ?? null,
      returnTo: "/integrations",
      mode: "popup",
      sessionHash,
    });
    return begun.status === "started"
      ? { status: "started", attemptId: begun.attemptId, url: begun.url.href }
      : { status: "ended", outcome: begun.outcome };
  },
);

export const giveUpConnect = action(z.object({ attemptId: z.uuid() }), async ({ ctx, input }) => {
  const { outcome } = await closeAttempt(ctx, input.attemptId);
  return { outcome };
});

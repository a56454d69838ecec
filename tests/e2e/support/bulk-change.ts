import type { APIRequestContext } from "@playwright/test";
import type { Database } from "@/db/client";
import { bulkChanges, calendarRemovals } from "@/db/schema/bulk-changes";
import { newId } from "@/lib/platform/ids";
import { setting } from "./environment";
import { integrations } from "./person";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** As when the person's calendar had emptied two minutes ago. Answers the address of its page. */
export async function openBulkChange(request: APIRequestContext, db: Database): Promise<string> {
  const me = (await (await request.get(`${setting("E2E_APP_URL")}/api/v1/me`)).json()) as { id: string };
  const [connection] = await integrations(request);
  const calendarId = connection?.calendars[0]?.id;
  if (connection === undefined || calendarId === undefined) throw new Error("no calendar is connected");
  const now = new Date();
  const since = new Date(now.getTime() - 120_000);
  const id = newId(now);
  await db.insert(bulkChanges).values({
    ...{ id, userId: me.id, connectionId: connection.id, calendarId },
    ...{ since, through: now, detectedAt: now, before: 12, gone: 12, moved: 0 },
  });
  const start = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS + 2 * DAY_MS);
  const gone = (title: string | null, more: object = {}) => ({
    ...{ id: newId(now), calendarId, userId: me.id, bulkChangeId: id, how: "removed" as const, title },
    ...{ externalId: newId(now), blocked: true, own: false, removedAt: since },
    ...{
      startsAt: new Date(start.getTime() + 9 * HOUR_MS),
      endsAt: new Date(start.getTime() + 10 * HOUR_MS),
    },
    ...more,
  });
  const days = { startDate: "2999-01-04", endDate: "2999-01-06" };
  const far = { startsAt: new Date("2999-01-03T23:00:00Z"), endsAt: new Date("2999-01-05T23:00:00Z") };
  await db
    .insert(calendarRemovals)
    .values([
      gone("Réunion d’équipe de la semaine, avec un titre qui est assez long pour aller à la ligne"),
      gone(null),
      gone("Standup", { seriesId: "series", externalId: `${id}-1` }),
      gone("Standup", { seriesId: "series", externalId: `${id}-2` }),
      gone("Fair", { ...days, ...far }),
      ...Array.from({ length: 104 }, (_, index) => gone(`Visit ${index + 1}`)),
    ]);
  return `/integrations/changes/${id}`;
}

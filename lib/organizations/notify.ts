import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { announce } from "@/db/live";
import { type NOTIFICATION_KINDS, notifications } from "@/db/schema/notifications";
import { newId } from "@/lib/platform/ids";

export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export interface Notice {
  userId: string;
  kind: NotificationKind;
  /** What it is about; where its action leads follows from it. */
  subject: { type: "integration" | "calendar" | "booking" | "bulk_change" | "installation"; id: string };
  /** What its words need besides, such as a calendar's name. Never a token or another person's address. */
  params?: Record<string, string | number>;
  /** Told once while it is open, however often it is found. */
  dedupeKey: string;
}

/** Tells a person, in the transaction that found it, of something they should act upon. True when that is news. */
export async function notify(tx: Tx, notice: Notice, now: Date): Promise<boolean> {
  const { userId, kind, subject, params = {}, dedupeKey } = notice;
  const rows = await tx
    .insert(notifications)
    .values({
      ...{ id: newId(now), userId, kind, subjectType: subject.type, subjectId: subject.id },
      ...{ params, dedupeKey, createdAt: now },
    })
    .onConflictDoNothing({
      target: [notifications.userId, notifications.dedupeKey],
      where: sql`${notifications.resolvedAt} is null`,
    })
    .returning({ id: notifications.id });
  if (rows.length > 0) await announce(tx, userId, ["notifications"]);
  return rows.length > 0;
}

/** It is no longer true, or was decided: it asks for nothing any more. */
export async function resolveNotice(tx: Tx, userId: string, dedupeKey: string, now: Date): Promise<void> {
  const open = and(
    eq(notifications.userId, userId),
    eq(notifications.dedupeKey, dedupeKey),
    isNull(notifications.resolvedAt),
  );
  const rows = await tx
    .update(notifications)
    .set({ resolvedAt: now })
    .where(open)
    .returning({ id: notifications.id });
  if (rows.length > 0) await announce(tx, userId, ["notifications"]);
}

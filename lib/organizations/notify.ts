import { type SQL, sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { announce, announceEach } from "@/db/live";
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
  await resolveNotices(tx, sql`n.user_id = ${userId}::uuid and n.dedupe_key = ${dedupeKey}`, now);
}

/** The same for every open one that `over` holds for, over `notifications n`. One statement. Answers for how many people. */
export async function resolveNotices(db: Db, over: SQL, now: Date): Promise<number> {
  const rows = await db.execute(sql`
    with over as (
      update notifications n set resolved_at = ${now.toISOString()}::timestamptz
      where n.resolved_at is null and (${over})
      returning n.user_id
    )
    select ${announceEach(sql`told.user_id`, ["notifications"])} from (select distinct user_id from over) told
  `);
  return rows.length;
}

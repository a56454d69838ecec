import { and, desc, eq, inArray, isNotNull, isNull, max, type SQL, sql } from "drizzle-orm";
import { calendars } from "@/db/schema/calendars";
import { notifications } from "@/db/schema/notifications";
import { users } from "@/db/schema/users";
import { parseTimeZone, UTC } from "@/lib/calendar/time-zone";
import type { Ctx } from "@/lib/organizations/context";
import { notFound } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { decodePosition, type Page, type PageRequest, toPage } from "@/lib/platform/page";
import { type Words, wordsIn } from "@/lib/platform/words";
import { NOTICE_KINDS, type NoticeWords, wordNotice } from "@/lib/reporting/notice-words";

/** The Notification of the public interface. */
export interface NotificationView extends NoticeWords {
  id: string;
  kind: (typeof NOTICE_KINDS)[number];
  subject: { type: string; id: string };
  createdAt: string;
  readAt: string | null;
  /** Since then it is no longer true and asks for nothing. */
  resolvedAt: string | null;
}

export interface NoticeFilter {
  /** Neither read nor over. */
  unread?: boolean | undefined;
  state?: "open" | "over";
  /** Instead of the language saved with the person. */
  locale?: string;
}

/** What this person was told, newest first, in their language. */
export async function listNotifications(
  ctx: Ctx,
  { unread = false, state, locale }: NoticeFilter,
  page: PageRequest,
): Promise<Page<NotificationView>> {
  const after = decodePosition(page.cursor, "instant");
  const chosen = and(
    unread ? isUnread : undefined,
    state === "open" ? isNull(notifications.resolvedAt) : undefined,
    state === "over" ? isNotNull(notifications.resolvedAt) : undefined,
    after === null
      ? undefined
      : sql`(${notifications.createdAt}, ${notifications.id}) < (${after.key}::timestamptz, ${after.id}::uuid)`,
  );
  const [rows, words] = await Promise.all([read(ctx, chosen, page.limit + 1), wordsOf(ctx, locale)]);
  const position = ({ createdAt, id }: Row) => ({ key: createdAt.toISOString(), id });
  return toPage(rows, page.limit, position, (row) => view(row, words));
}

/** One of this person's; anything else is a 404. */
export async function getNotification(ctx: Ctx, id: string): Promise<NotificationView> {
  if (!isId(id)) throw notFound("notification");
  const [row] = await read(ctx, eq(notifications.id, id), 1);
  if (row === undefined) throw notFound("notification");
  return view(row, await wordsOf(ctx));
}

/** For the bell of every page: one look at an index. */
export async function countUnread(ctx: Ctx): Promise<number> {
  return ctx.db.$count(notifications, and(ofPerson(ctx), isUnread));
}

const isUnread = and(isNull(notifications.readAt), isNull(notifications.resolvedAt));

/** Only what there are words for: other kinds are nobody's to tell yet. */
function ofPerson(ctx: Ctx): SQL | undefined {
  return and(eq(notifications.userId, ctx.userId), inArray(notifications.kind, [...NOTICE_KINDS]));
}

type Row = typeof notifications.$inferSelect;

async function read(ctx: Ctx, chosen: SQL | undefined, limit: number): Promise<Row[]> {
  return ctx.db
    .select()
    .from(notifications)
    .where(and(ofPerson(ctx), chosen))
    .orderBy(desc(notifications.createdAt), desc(notifications.id))
    .limit(limit);
}

async function wordsOf(ctx: Ctx, locale?: string): Promise<Words> {
  const [user] = await ctx.db
    .select({ locale: users.locale, timeZone: users.timeZone })
    .from(users)
    .where(eq(users.id, ctx.userId));
  return wordsIn(locale ?? user?.locale ?? "en", parseTimeZone(user?.timeZone) ?? UTC);
}

function view(row: Row, words: Words): NotificationView {
  const { id, params, subjectType: type, subjectId } = row;
  const kind = NOTICE_KINDS.find((known) => known === row.kind);
  if (kind === undefined) throw new Error(`a notice of kind ${row.kind} was read without words for it`);
  const subject = { type, id: subjectId };
  return {
    ...{ id, kind },
    ...wordNotice({ kind, params, subject }, words),
    subject,
    createdAt: row.createdAt.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  };
}

/** When the latest of this person's calendars was read to its end; null before the first. */
export async function lastReadAt(ctx: Ctx): Promise<string | null> {
  const [row] = await ctx.db
    .select({ at: max(calendars.lastSyncedAt) })
    .from(calendars)
    .where(eq(calendars.userId, ctx.userId));
  return row?.at?.toISOString() ?? null;
}

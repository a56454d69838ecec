import { and, asc, eq, gt, isNull, like, sql } from "drizzle-orm";
import type { Db, Tx } from "@/db/client";
import { announce } from "@/db/live";
import { bookings, services } from "@/db/schema/bookings";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { sqlState, withProviderTime } from "@/db/transaction";
import {
  type ServiceChange,
  type ServiceInput,
  serviceChange,
  serviceInput,
} from "@/lib/bookings/service-input";
import { followTargets } from "@/lib/connections/follow-targets";
import { planExports } from "@/lib/connections/plan-exports";
import { type AuditAction, recordAudit } from "@/lib/organizations/audit";
import { type Ctx, requireScope } from "@/lib/organizations/context";
import { slugOf } from "@/lib/organizations/handles";
import { type KeepAnswer, keepNothing } from "@/lib/organizations/idempotency";
import { AppError, notFound } from "@/lib/platform/errors";
import { isId, newId } from "@/lib/platform/ids";
import { decodePosition, type Page, type PageRequest, toPage } from "@/lib/platform/page";
import { parseInput } from "@/lib/platform/parse-input";

export type ServiceRow = typeof services.$inferSelect;

/** A service as the API shows it; times in minutes. */
export interface ServiceView
  extends Pick<
    ServiceRow,
    | "id"
    | "kind"
    | "name"
    | "durationMinutes"
    | "bufferBeforeMinutes"
    | "bufferAfterMinutes"
    | "location"
    | "slug"
    | "active"
    | "slotStepMinutes"
    | "noticeMinutes"
    | "horizonDays"
    | "targetCalendarId"
  > {
  price: { amount: number; currency: string } | null;
}

/** The caller's services, oldest first, inactive ones included, deleted ones not. */
export async function listServices(ctx: Ctx, page: PageRequest): Promise<Page<ServiceView>> {
  requireScope(ctx, "read");
  const after = decodePosition(page.cursor, "instant");
  const rows = await ctx.db
    .select()
    .from(services)
    .where(
      and(
        eq(services.userId, ctx.userId),
        isNull(services.deletedAt),
        after === null
          ? undefined
          : sql`(${services.createdAt}, ${services.id}) > (${after.key}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(asc(services.createdAt), asc(services.id))
    .limit(page.limit + 1);
  return toPage(rows, page.limit, (row) => ({ key: row.createdAt.toISOString(), id: row.id }), viewService);
}

export async function getService(ctx: Ctx, id: string): Promise<ServiceView> {
  requireScope(ctx, "read");
  return viewService(await loadOwnService(ctx.db, ctx.userId, id));
}

/** A person's service that is not deleted. Anything else throws `not_found`. */
export async function loadOwnService(db: Db, userId: string, id: string): Promise<ServiceRow> {
  const query = ownQueries.get(db) ?? ownQuery(db);
  ownQueries.set(db, query);
  const [row] = isId(id) ? await query.execute({ id, userId }) : [];
  if (row === undefined) throw notFound("service");
  return row;
}

/** Asked with every list of slots: built once for a database, parsed once by each connection. */
const ownQueries = new WeakMap<Db, ReturnType<typeof ownQuery>>();

function ownQuery(db: Db) {
  return db
    .select()
    .from(services)
    .where(
      and(
        eq(services.id, sql.placeholder("id")),
        eq(services.userId, sql.placeholder("userId")),
        isNull(services.deletedAt),
      ),
    )
    .prepare("own_service");
}

/** Throws `conflict` for a slug that is taken, `not_found` for a calendar that is not the caller's. */
export async function createService(
  ctx: Ctx,
  input: ServiceInput,
  keep: KeepAnswer = keepNothing,
): Promise<ServiceView> {
  requireScope(ctx, "write");
  const { price, ...given } = parseInput(serviceInput, input, "This service cannot be made.");
  return withProviderTime(ctx.db, ctx.userId, async (tx) => {
    await assertTarget(tx, ctx.userId, given.targetCalendarId);
    const slug = given.slug ?? (await freeSlug(tx, ctx.userId, slugOf(given.name) ?? given.kind));
    const id = newId(ctx.now);
    const row = { ...given, ...priceColumns(price), slug, id, userId: ctx.userId, createdAt: ctx.now };
    const insert = () => tx.insert(services).values(row).returning();
    const [made] = await (row.targetCalendarId === null ? insert() : followTargets(tx, ctx, insert));
    if (made === undefined) throw new Error("an insert without a conflict clause returns its row");
    await conclude(tx, ctx, "service.created", id);
    const view = viewService(made);
    await keep(tx, view);
    return view;
  }).catch(refuseTakenSlug);
}

/**
 * Changes what is given. Bookings keep their times; a new name, place or target calendar is written to the events of
 * those that are not over.
 */
export async function updateService(ctx: Ctx, id: string, input: ServiceChange): Promise<ServiceView> {
  requireScope(ctx, "write");
  const { id: named, price, ...given } = parseInput(serviceChange, input, "This change cannot be made.");
  if (named !== undefined && named !== id) {
    const fields = [{ path: "id", message: "is another one than in the address" }];
    throw new AppError("invalid_input", "A service's id does not change.", { fields });
  }
  return withProviderTime(ctx.db, ctx.userId, async (tx) => {
    const before = await loadOwnService(tx, ctx.userId, id);
    const { targetCalendarId = before.targetCalendarId } = given;
    const retargets = targetCalendarId !== before.targetCalendarId;
    if (retargets) await assertTarget(tx, ctx.userId, targetCalendarId);
    const set = { ...given, ...(price === undefined ? {} : priceColumns(price)) };
    if (Object.keys(set).length === 0) return viewService(before);
    const update = () => tx.update(services).set(set).where(eq(services.id, id)).returning();
    const [after = before] = await (retargets ? followTargets(tx, ctx, update) : update());
    if (isSeenOutside(before, after)) await rewriteEvents(tx, ctx, id);
    await conclude(tx, ctx, "service.changed", id, { fields: Object.keys(set) });
    return viewService(after);
  }).catch(refuseTakenSlug);
}

/** Hides it for good; its bookings stay as they are. */
export async function deleteService(ctx: Ctx, id: string): Promise<void> {
  requireScope(ctx, "write");
  await withProviderTime(ctx.db, ctx.userId, async (tx) => {
    await loadOwnService(tx, ctx.userId, id);
    await tx.update(services).set({ deletedAt: ctx.now }).where(eq(services.id, id));
    await conclude(tx, ctx, "service.deleted", id);
  });
}

async function conclude(
  tx: Tx,
  ctx: Ctx,
  action: AuditAction,
  id: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await recordAudit(tx, ctx, { action, subject: { type: "service", id }, details });
  await announce(tx, ctx.userId, ["bookings", "calendar"]);
}

/** Whether events that were written for its bookings now say something else, or belong elsewhere. */
function isSeenOutside(before: ServiceRow, after: ServiceRow): boolean {
  return (["name", "location", "targetCalendarId"] as const).some((field) => before[field] !== after[field]);
}

async function rewriteEvents(tx: Tx, ctx: Ctx, serviceId: string): Promise<void> {
  const rows = await tx
    .select({ id: bookings.id })
    .from(bookings)
    .where(
      and(eq(bookings.serviceId, serviceId), eq(bookings.status, "confirmed"), gt(bookings.endsAt, ctx.now)),
    );
  if (rows.length === 0) return;
  const bookingIds = rows.map((row) => row.id);
  await planExports(tx, { userId: ctx.userId, bookingIds, touch: true }, ctx.now);
}

/** Throws `not_found` for calendars that are not this person's or are leaving, `invalid_input` for read-only ones. */
async function assertTarget(tx: Tx, userId: string, calendarId: string | null): Promise<void> {
  if (calendarId === null) return;
  const [found] = isId(calendarId)
    ? await tx
        .select({ canWrite: calendars.canWrite })
        .from(calendars)
        .innerJoin(calendarConnections, eq(calendarConnections.id, calendars.connectionId))
        .where(
          and(
            eq(calendars.id, calendarId),
            eq(calendars.userId, userId),
            isNull(calendarConnections.disconnectingAt),
          ),
        )
    : [];
  if (found === undefined) throw notFound("calendar");
  if (found.canWrite) return;
  const fields = [{ path: "targetCalendarId", message: "this calendar is read-only" }];
  throw new AppError("invalid_input", "Bookings cannot be added to this calendar.", { fields });
}

/** The wished slug, or the first of `-2`, `-3`, … that is free. The caller holds the person's lock. */
async function freeSlug(tx: Tx, userId: string, wished: string): Promise<string> {
  const rows = await tx
    .select({ slug: services.slug })
    .from(services)
    .where(and(eq(services.userId, userId), isNull(services.deletedAt), like(services.slug, `${wished}%`)));
  const taken = new Set(rows.map((row) => row.slug));
  if (!taken.has(wished)) return wished;
  let suffix = 2;
  while (taken.has(`${wished}-${suffix}`)) suffix += 1;
  return `${wished}-${suffix}`;
}

function refuseTakenSlug(error: unknown): never {
  if (sqlState(error) !== "23505") throw error;
  const fields = [{ path: "slug", message: "is already taken by another of your services" }];
  throw new AppError("conflict", "This slug is already taken.", { cause: error, fields });
}

function priceColumns(price: ServiceView["price"]) {
  return { priceAmount: price?.amount ?? null, priceCurrency: price?.currency ?? null };
}

function viewService(row: ServiceRow): ServiceView {
  const { priceAmount, priceCurrency, userId: _, createdAt: __, deletedAt: ___, ...shown } = row;
  const priced = priceAmount !== null && priceCurrency !== null;
  return {
    ...shown,
    price: priced ? { amount: priceAmount, currency: priceCurrency } : null,
  };
}

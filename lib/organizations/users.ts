import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Database, Tx } from "@/db/client";
import { memberships, organizations, users } from "@/db/schema/users";
import { withTransaction } from "@/db/transaction";
import { parseTimeZone } from "@/lib/calendar/time-zone";
import { recordAudit } from "@/lib/organizations/audit";
import type { Actor, Role } from "@/lib/organizations/context";
import { freeHandle, HANDLE, handleFrom } from "@/lib/organizations/handles";
import { findOrganization } from "@/lib/organizations/organization-lookup";
import { AppError } from "@/lib/platform/errors";
import { isId, newId } from "@/lib/platform/ids";

export const LOCALES = ["en", "fr"] as const;

export const timeZoneField = z.string().transform((text, context) => {
  const zone = parseTimeZone(text);
  if (zone !== null) return zone;
  context.addIssue({ code: "custom", message: "is not an IANA time zone" });
  return z.NEVER;
});

export const nameField = z.string().trim().min(1).max(200);
export const handleField = z.string().regex(HANDLE, "may hold a-z, 0-9 and inner hyphens, at most 40");
const emailField = z.email().max(254);

/** Who signs in, as their identity provider vouches for them. The pair of issuer and subject is the key. */
export interface SignInIdentity {
  issuer: string;
  subject: string;
  email: string;
  name: string;
}

export interface NewUser {
  email: string;
  name: string;
  timeZone: string;
  locale?: (typeof LOCALES)[number];
  handle?: string;
  /** Id or name. A name nobody has makes a new organization; without one the user gets their own. */
  organization?: string;
  /** Default: `admin` of a new organization, `provider` of an existing one. */
  role?: Role;
  identity?: { issuer: string; subject: string };
}

export interface CreatedUser {
  id: string;
  handle: string;
  organizationId: string;
  role: Role;
}

/** Makes a user as an operator asks. Throws `invalid_input`, `not_found` (organization) or `conflict`. */
export async function createUser(
  db: Database,
  wish: NewUser,
  by: { actor: Actor; now: Date },
): Promise<CreatedUser> {
  const input = parseNewUser(wish);
  return withTransaction(db, async (tx) => {
    const known = wish.identity === undefined ? null : await userByIdentity(tx, wish.identity);
    if (known !== null) throw new AppError("conflict", "This identity already has a user.");
    const organization =
      wish.organization === undefined ? null : await findOrganization(tx, wish.organization);
    const created = await insertUser(tx, { ...input, handle: wish.handle, identity: wish.identity }, by.now);
    if (created === null) throw new AppError("conflict", "This handle or identity is already taken.");
    const role = wish.role ?? (organization === null ? "admin" : "provider");
    const name = wish.organization ?? input.name;
    const organizationId = organization?.id ?? (await insertOrganization(tx, name, by.now));
    await join(tx, { ...created, organizationId, role, appointed: role === "admin" }, by);
    return { ...created, organizationId, role };
  });
}

/** What a first sign-in brings along; an unknown identity gets a user only while sign-up is open. */
export interface FirstSignIn {
  timeZone: string;
  locale: (typeof LOCALES)[number];
}

export async function findOrCreateBySignIn(
  db: Database,
  identity: SignInIdentity,
  first: FirstSignIn,
  now: Date,
): Promise<{ id: string; created: boolean }> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const found = await withTransaction(db, async (tx) => {
      const known = await userByIdentity(tx, identity);
      if (known !== null) return { id: known.id, created: false };
      const created = await insertUser(tx, { ...parseNewUser({ ...identity, ...first }), identity }, now);
      if (created === null) return null;
      const organizationId = await insertOrganization(tx, identity.name, now);
      const by = { actor: { type: "user" as const, userId: created.id }, now };
      await join(tx, { ...created, organizationId, role: "admin", appointed: false }, by);
      return { id: created.id, created: true };
    });
    if (found !== null) return found;
  }
  throw new AppError("busy", "Too many people are signing up at once. Please try again.");
}

/** The user of an identity, disabled ones included. */
export async function userByIdentity(
  db: Database | Tx,
  identity: { issuer: string; subject: string },
): Promise<{ id: string; name: string; email: string; disabled: boolean } | null> {
  const [row] = await db
    .select({ id: users.id, name: users.name, email: users.email, disabledAt: users.disabledAt })
    .from(users)
    .where(and(eq(users.issuer, identity.issuer), eq(users.subject, identity.subject)));
  return row === undefined
    ? null
    : { id: row.id, name: row.name, email: row.email, disabled: row.disabledAt !== null };
}

/** Addresses follow the identity provider: they describe a person, and nothing is looked up by them. */
export async function refreshEmail(
  db: Database,
  user: { id: string; email: string },
  email: string,
): Promise<void> {
  if (user.email === email || !emailField.safeParse(email).success) return;
  await db.update(users).set({ email }).where(eq(users.id, user.id));
}

/** Ids of users with this address, in any letter case: addresses are no key, so there may be several. */
export async function usersByEmail(db: Database, email: string): Promise<string[]> {
  const rows = await db.query.users.findMany({
    columns: { id: true },
    where: (user, { sql }) => sql`lower(${user.email}) = lower(${email})`,
    limit: 2,
  });
  return rows.map((row) => row.id);
}

const newUser = z.object({
  email: emailField,
  name: nameField,
  timeZone: timeZoneField,
  locale: z.enum(LOCALES).default("en"),
});

function parseNewUser(wish: Pick<NewUser, "email" | "name" | "timeZone" | "locale" | "handle">) {
  const parsed = newUser.safeParse({
    ...wish,
    name: wish.name.trim() === "" ? wish.email : wish.name.slice(0, 200),
  });
  const handle = handleField.optional().safeParse(wish.handle);
  const issues = [
    ...(parsed.error?.issues ?? []),
    ...(handle.success ? [] : [{ path: ["handle"], message: "is not a handle" }]),
  ];
  if (!parsed.success || issues.length > 0) {
    const fields = issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
    const text = fields.map((field) => `${field.path}: ${field.message}`).join("; ");
    throw new AppError("invalid_input", text, { fields });
  }
  return parsed.data;
}

/** Null when a unique constraint refused: the identity or the handle was taken meanwhile. */
async function insertUser(
  tx: Tx,
  user: z.infer<typeof newUser> & { handle?: string; identity?: { issuer: string; subject: string } },
  now: Date,
): Promise<{ id: string; handle: string } | null> {
  const handle = user.handle ?? (await freeHandle(tx, handleFrom(user.name, user.email)));
  const [row] = await tx
    .insert(users)
    .values({
      id: newId(now),
      issuer: user.identity?.issuer ?? null,
      subject: user.identity?.subject ?? null,
      email: user.email,
      name: user.name,
      handle,
      timeZone: user.timeZone,
      locale: user.locale,
      createdAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: users.id, handle: users.handle });
  return row ?? null;
}

async function insertOrganization(tx: Tx, name: string, now: Date): Promise<string> {
  if (isId(name)) throw new AppError("invalid_input", "An organization's name cannot be an id.");
  const id = newId(now);
  await tx.insert(organizations).values({ id, name: name.slice(0, 200), createdAt: now });
  return id;
}

async function join(
  tx: Tx,
  member: { id: string; organizationId: string; role: Role; appointed: boolean },
  by: { actor: Actor; now: Date },
): Promise<void> {
  const { id: userId, organizationId, role, appointed } = member;
  await tx.insert(memberships).values({ organizationId, userId, role, appointed });
  await recordAudit(
    tx,
    { ...by, userId, organizationId },
    { action: "user.created", subject: { type: "user", id: userId }, details: { role } },
  );
}

import type { Database } from "@/db/client";
import { AppError } from "@/lib/platform/errors";

/**
 * Proof that a request or job may act for this person. Only the session gate, the API-key gate, jobs and the gate of
 * the public pages (`lib/bookings/public-gate.ts`) mint it.
 */
export type AuthorizedUserId = string & { readonly __brand: "AuthorizedUserId" };
export type AuthorizedOrganizationId = string & { readonly __brand: "AuthorizedOrganizationId" };

export type Role = "admin" | "provider";
export const API_SCOPES = ["read", "write", "connect", "admin"] as const;
export type ApiScope = (typeof API_SCOPES)[number];

export type Actor =
  | { type: "user"; userId: string }
  | { type: "api_key"; userId: string; apiKeyId: string; scopes: ApiScope[] }
  | { type: "system"; job: string }
  /** Somebody without an account on a provider's public pages; `bookingId` when their link led here. */
  | { type: "client"; bookingId: string | null };

/** What every verb and query of one person's data receives. */
export interface Ctx {
  db: Database;
  now: Date;
  actor: Actor;
  userId: AuthorizedUserId;
  organizationId: AuthorizedOrganizationId;
  role: Role;
}

/**
 * Refuses when an API key lacks a scope; sessions hold every scope but `admin`, which follows the role. A client
 * holds none: whatever asks for one is not for the public pages.
 */
export function requireScope(ctx: Ctx, scope: ApiScope): void {
  if (ctx.actor.type === "client") throw new AppError("forbidden", "This is not for clients.");
  const held = ctx.actor.type === "api_key" ? ctx.actor.scopes.includes(scope) : true;
  const allowed = scope === "admin" ? held && ctx.role === "admin" : held;
  if (!allowed) throw new AppError("forbidden", `This needs the ${scope} permission.`);
}

import type { Database } from "@/db/client";
import { AppError } from "@/lib/platform/errors";

/** Proof that a request or job may act for this person. Only the session gate, the API-key gate and jobs mint it. */
export type AuthorizedUserId = string & { readonly __brand: "AuthorizedUserId" };
export type AuthorizedOrganizationId = string & { readonly __brand: "AuthorizedOrganizationId" };

export type Role = "admin" | "provider";
export const API_SCOPES = ["read", "write", "connect", "admin"] as const;
export type ApiScope = (typeof API_SCOPES)[number];

export type Actor =
  | { type: "user"; userId: string }
  | { type: "api_key"; userId: string; apiKeyId: string; scopes: ApiScope[] }
  | { type: "system"; job: string };

/** What every verb and query of one person's data receives. */
export interface Ctx {
  db: Database;
  now: Date;
  actor: Actor;
  userId: AuthorizedUserId;
  organizationId: AuthorizedOrganizationId;
  role: Role;
}

/** Refuses when an API key lacks a scope; sessions hold every scope but `admin`, which follows the role. */
export function requireScope(ctx: Ctx, scope: ApiScope): void {
  const held = ctx.actor.type === "api_key" ? ctx.actor.scopes.includes(scope) : true;
  const allowed = scope === "admin" ? held && ctx.role === "admin" : held;
  if (!allowed) throw new AppError("forbidden", `This needs the ${scope} permission.`);
}

import { and, eq } from "drizzle-orm";
import type { Db } from "@/db/client";
import { integrationPolicies } from "@/db/schema/users";
import type { AuthorizedOrganizationId } from "@/lib/organizations/context";

export interface IntegrationPolicy {
  allowed: boolean;
  /** The administrator's own words to members, when they left any. */
  message: string | null;
}

/** What an organization says about a vendor. Without a rule it is allowed. */
export async function policyFor(
  db: Db,
  organizationId: AuthorizedOrganizationId,
  vendor: "google" | "microsoft",
): Promise<IntegrationPolicy> {
  const [row] = await db
    .select({ allowed: integrationPolicies.allowed, message: integrationPolicies.message })
    .from(integrationPolicies)
    .where(
      and(eq(integrationPolicies.organizationId, organizationId), eq(integrationPolicies.provider, vendor)),
    );
  return row ?? { allowed: true, message: null };
}

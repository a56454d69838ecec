import { type SQL, sql } from "drizzle-orm";

/**
 * Over a table or alias of `calendar_connections`: nobody forbids us to ask the vendor. The organization's policy
 * allows the vendor, and the person is not disabled. A disconnect goes on all the same: it asks for nothing.
 */
export function isAdmitted(k: SQL): SQL {
  return sql`not exists (
      select from integration_policies p
      where p.organization_id = ${k}.organization_id and p.provider = ${k}.provider and not p.allowed
    ) and not exists (
      select from users u where u.id = ${k}.user_id and u.disabled_at is not null
    )`;
}

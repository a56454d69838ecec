import { type SQL, sql } from "drizzle-orm";
import type { Database, Db } from "@/db/client";
import { announceEach } from "@/db/live";
import { withTransaction } from "@/db/transaction";
import type { Ctx } from "@/lib/organizations/context";
import { resolveNotices } from "@/lib/organizations/notify";

/** Something about the installation that those who run it should know. One of a key is told at a time. */
export interface OperatorTrouble {
  key: string;
  params: Record<string, string | number>;
}

/** A scheduled job that no longer begins, whoever found it. */
export function stoppedJob(job: string): OperatorTrouble {
  return { key: `stopped:${job}`, params: { trouble: "schedule_stopped", job } };
}

const ENABLED_ADMINS = sql`memberships m join users u on u.id = m.user_id and u.disabled_at is null and m.role = 'admin'`;

/**
 * Over `memberships m`: an administrator of the installation. Where sign-up is open, everybody who signs up is one of an
 * organization of their own; what runs it all concerns those whom its command line made administrators, and those of
 * the oldest organization, which is that of whoever set it up.
 */
const isOperator = sql`(m.appointed or m.organization_id = (
      select o.id from organizations o
      where exists (select from ${ENABLED_ADMINS} where m.organization_id = o.id)
      order by o.created_at, o.id limit 1
    ))`;

/** Whether a person is told of the installation's troubles, and shown how its schedule goes. */
export async function runsInstallation({ db, userId, role }: Ctx): Promise<boolean> {
  if (role !== "admin") return false;
  const rows = await db.execute(
    sql`select from ${ENABLED_ADMINS} where m.user_id = ${userId} and ${isOperator}`,
  );
  return rows.length > 0;
}

function asTable(troubles: readonly OperatorTrouble[]): SQL {
  return sql`jsonb_to_recordset(${JSON.stringify(troubles)}::jsonb) as f (key text, params jsonb)`;
}

/** Tells each of those who run the installation, with one statement for ten thousand of them as for one. */
export async function tellOperators(db: Db, troubles: readonly OperatorTrouble[], now: Date): Promise<void> {
  await db.execute(sql`
    with told as (
      insert into notifications (id, user_id, kind, subject_type, subject_id, params, dedupe_key, created_at)
      select gen_random_uuid(), m.user_id, 'operator', 'installation', f.key, f.params, 'operator:' || f.key,
        ${now.toISOString()}::timestamptz
      from ${asTable(troubles)} cross join ${ENABLED_ADMINS}
      where ${isOperator}
      order by m.user_id, f.key
      on conflict (user_id, dedupe_key) where resolved_at is null do nothing
      returning user_id
    )
    select ${announceEach(sql`t.user_id`, ["notifications"])} from (select distinct user_id from told) t
  `);
}

/**
 * Tells them of all that is wrong now, and that what is not among it is over. Whoever becomes one of them while it lasts
 * is told then.
 */
export async function settleOperatorNotices(
  db: Database,
  troubles: readonly OperatorTrouble[],
  now: Date,
): Promise<void> {
  await withTransaction(db, async (tx) => {
    await resolveNotices(
      tx,
      sql`n.kind = 'operator' and (n.dedupe_key not in (select 'operator:' || f.key from ${asTable(troubles)})
        or not exists (select from ${ENABLED_ADMINS} where m.user_id = n.user_id and ${isOperator}))`,
      now,
    );
    await tellOperators(tx, troubles, now);
  });
}

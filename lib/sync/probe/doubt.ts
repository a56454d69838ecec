import { sql } from "drizzle-orm";
import { enqueue } from "@/db/outbox";
import { withTransaction } from "@/db/transaction";
import type { PushTrouble } from "@/lib/calendar/probe-plan";
import { requestRounds } from "@/lib/connections/request-round";
import type { Services } from "@/lib/connections/services";
import { change, type ProbeClaim } from "@/lib/sync/probe/claim";
import type { ProbeState } from "@/lib/sync/probe/state";

/** Waits for no message any longer: the event is read by asking. A message that did not come is evidence, too. */
export async function doubt(
  services: Services,
  claim: ProbeClaim,
  state: ProbeState,
  trouble: PushTrouble,
): Promise<void> {
  const now = services.clock.now();
  const { connectionId, calendarId, facts } = state;
  await withTransaction(services.db, async (tx) => {
    await change(tx, claim, sql`push_trouble = ${trouble}`);
    if (calendarId === null) return;
    if (facts.readAt === null) {
      await requestRounds(tx, { connectionId, calendarIds: [calendarId], trigger: "manual", now });
    }
    if (trouble !== "silent" && trouble !== "unreachable") return;
    const asked = sql`${facts.askedAt?.toISOString() ?? null}::timestamptz`;
    await tx.execute(sql`
      update calendar_watches set missed = missed + 1
      where calendar_id = ${calendarId} and stop_wanted_at is null and requested_at <= ${asked}
        and expires_at > ${asked} and (last_notified_at is null or last_notified_at < ${asked})
    `);
    await enqueue(tx, { name: "connection/watches.due", data: { connectionId } }, now);
  });
}

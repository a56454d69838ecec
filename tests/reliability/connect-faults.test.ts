import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { calendarConnections, oauthAttempts } from "@/db/schema/connections";
import type { FaultOrder } from "@/sandbox/core/faults";
import {
  comeBack,
  connectAs,
  connectWorld,
  decide,
  leave,
  outcomeOf,
  signIn,
} from "@/tests/support/connect-world";

const world = connectWorld();
const KINDS: FaultOrder["kind"][] = [
  "unavailable",
  "bad_gateway",
  "too_many_requests",
  "internal_error",
  "reset_before",
  "reset_after",
  "error_after",
  "truncated_json",
  "html_ok",
];
const STEPS = ["oauth.token.code", "calendar.calendarList.list"];

beforeEach(async () => {
  await world.database.db.delete(calendarConnections);
});

describe.each(STEPS)("a connect whose vendor fails at %s", (operation) => {
  it.each(KINDS)("(%s) ends in words, keeps nothing, and works when tried again", async (kind) => {
    const person = await signIn(world);
    const callback = await decide(world, await leave(world, person));
    world.sandbox.faults.arm({ operation, kind, count: 0 });
    expect(outcomeOf(await comeBack(world, callback, person.cookie))).toBe("provider_down");
    expect(await world.database.db.select().from(calendarConnections)).toEqual([]);
    const [left] = await world.database.db.execute<Record<string, number>>(sql`select
      (select count(*)::int from oauth_tokens) as tokens, (select count(*)::int from calendars) as calendars`);
    expect(left).toEqual({ tokens: 0, calendars: 0 });
    const attempts = await world.database.db.select().from(oauthAttempts);
    expect(attempts.filter(({ outcome }) => outcome === null)).toEqual([]);
    world.sandbox.faults.disarm();
    expect(await connectAs(world, person)).toBe("connected");
    const [row] = await world.database.db.execute<{ count: number }>(
      sql`select count(*)::int from calendars`,
    );
    expect(row?.count).toBeGreaterThan(0);
  });
});

import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendars } from "@/db/schema/calendars";
import { calendarConnections, oauthTokens } from "@/db/schema/connections";
import { mails } from "@/db/schema/mails";
import { disconnect } from "@/lib/connections/disconnect";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { comeBack, connectAs, decide, leave, outcomeOf, signedInWorld } from "@/tests/support/connect-world";
import { holdCalls } from "@/tests/support/held-calls";

const world = signedInWorld();
const db = () => world.database.db;
const everybody = () => db().select().from(calendarConnections);

describe("a disconnect while the person is at the vendor", () => {
  const renew = async () => {
    await connectAs(world, world.person);
    const [before] = await everybody();
    const id = before?.id ?? "";
    return { id, callback: await decide(world, await leave(world, world.person, `?integrationId=${id}`)) };
  };
  const gone = async (id: string) => {
    const { services } = world.runtime;
    expect(await finishDisconnect(services, id)).toMatchObject({ status: "done" });
    expect(await everybody()).toEqual([]);
    expect(await db().select().from(oauthTokens)).toEqual([]);
  };

  it("wins over a renewal that comes back later", async () => {
    const { id, callback } = await renew();
    await disconnect(world.runtime.services, world.person.ctx(), id);
    expect(outcomeOf(await comeBack(world, callback, world.person.cookie))).toBe("expired");
    await gone(id);
  });

  it("wins over a renewal whose code is just being exchanged, and its grant is given back", async () => {
    const { id, callback } = await renew();
    const exchange = holdCalls(world.sandbox.faults, "oauth.token.code");
    const answer = comeBack(world, callback, world.person.cookie);
    await exchange.arrived();
    await disconnect(world.runtime.services, world.person.ctx(), id);
    exchange.open();
    expect(outcomeOf(await answer)).toBe("expired");
    expect(world.asked("oauth.revoke")).toBe(1);
    await gone(id);
  });
});

describe("what is kept", () => {
  it("attack 83: no token stands in any table, and two equal ones are sealed differently", async () => {
    await connectAs(world, world.person);
    const { accessTokens, refreshTokens } = world.sandbox.oauth;
    const tokens = [...accessTokens.entries(), ...refreshTokens.entries()].map(([token]) => token);
    expect(tokens.map((token) => token.length > 20)).toEqual([true, true]);
    const tables = await db().execute<{ name: string }>(
      sql`select tablename as name from pg_tables where schemaname = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables) {
      const rows = await db().execute(sql`select to_jsonb(t)::text as row from ${sql.identifier(name)} t`);
      const text = JSON.stringify(rows);
      for (const token of tokens) expect(text.includes(token), name).toBe(false);
    }
  });

  it("a renewal keeps ids, settings, calendars and targets, and moves the generation", async () => {
    await connectAs(world, world.person);
    const [before] = await everybody();
    const id = before?.id ?? "";
    const calendarIds = async () =>
      (await db().select({ id: calendars.id }).from(calendars).where(eq(calendars.connectionId, id)))
        .map((row) => row.id)
        .sort();
    const known = await calendarIds();
    await db()
      .update(calendarConnections)
      .set({
        tentative: "ignore",
        nickname: "Practice",
        reconnectReason: "revoked",
        reconnectSince: new Date(),
      })
      .where(eq(calendarConnections.id, id));
    expect(await connectAs(world, world.person, { query: `?integrationId=${id}` })).toBe("connected");
    const [after] = await everybody();
    expect(after).toMatchObject({
      id,
      tentative: "ignore",
      nickname: "Practice",
      generation: 2,
      reconnectReason: null,
      connectedAt: before?.connectedAt,
      targetCalendarId: before?.targetCalendarId,
    });
    expect(await calendarIds()).toEqual(known);
    expect(await db().select().from(oauthTokens)).toHaveLength(1);
  });

  it("a renewal takes back the reminders that have not gone", async () => {
    await connectAs(world, world.person);
    const [connection] = await everybody();
    const { id = "", generation = 0 } = connection ?? {};
    const now = world.runtime.services.clock.now();
    await requireReconnect(db(), { connectionId: id, generation, reason: "revoked", now });
    const reminders = () =>
      db().select({ dropReason: mails.dropReason }).from(mails).where(eq(mails.connectionId, id));
    expect(await reminders()).toEqual(Array(4).fill({ dropReason: null }));
    expect(await connectAs(world, world.person, { query: `?integrationId=${id}` })).toBe("connected");
    expect(await reminders()).toEqual(Array(4).fill({ dropReason: "reconnected" }));
  });
});

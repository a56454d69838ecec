import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendarConnections } from "@/db/schema/connections";
import { calendarWatches } from "@/db/schema/watches";
import { JOBS } from "@/inngest/jobs";
import { performOutbox } from "@/inngest/perform-outbox";
import { disconnect } from "@/lib/connections/disconnect";
import { requireReconnect } from "@/lib/connections/require-reconnect";
import { ProviderError } from "@/lib/providers/provider-error";
import { finishDisconnect } from "@/lib/sync/finish-disconnect";
import { returnToPresent } from "@/lib/sync/return-to-present";
import { listWorld } from "@/tests/support/list-world";
import { DAY_MS } from "@/tests/support/push-world";

const world = listWorld();
const { act, lists, marks, connection } = world;

let asks = 0;
const unsupported = async () => {
  asks += 1;
  throw new ProviderError("not_supported");
};

describe("the list's watch", () => {
  it("is renewed with overlap: the old one stops when the new one was heard", async () => {
    const [old] = await lists();
    world.set("delay", 60);
    world.pass(6.2 * DAY_MS);
    expect(await world.renew()).toMatchObject({ lists: 1 });
    expect(await lists()).toHaveLength(2);
    await world.deliver();
    world.set("delay", 0);
    await world.renew();
    const [fresh, ...others] = await lists();
    expect(others).toEqual([]);
    expect(fresh?.id).not.toBe(old?.id);
  });

  it("is made once by processes that look at the same time", async () => {
    await world.database.db.delete(calendarWatches);
    await Promise.all([world.renew(), world.renew(), world.renew()]);
    expect(world.asked("calendar.calendarList.watch")).toBe(1);
  });

  it("is asked for a week later where the vendor has none", async () => {
    await world.database.db.delete(calendarWatches).where(eq(calendarWatches.subject, "calendar_list"));
    const { provider } = world.google;
    const refusing = {
      ...provider,
      watches: { ...provider.watches, createForList: unsupported },
    };
    const services = {
      ...world.services,
      providers: { find: () => refusing, vendors: () => ["google" as const] },
    };
    const renew = () => JOBS["renew-watches"](services, { connectionId: world.connectionId });
    expect(await renew()).toMatchObject({ lists: 0, failed: 0 });
    expect(asks).toBe(1);
    world.pass(6 * DAY_MS);
    await renew();
    expect(asks).toBe(1);
    world.pass(2 * DAY_MS);
    await renew();
    expect(asks).toBe(2);
    expect(await lists()).toEqual([]);
  });

  it("is given up with automatic sync, with the grant, and with the connection", async () => {
    await world.settle({ autoSyncEnabled: false });
    const before = await marks();
    await act("change", { calendarId: world.second, summary: "Nobody's business" });
    await world.control("channels/deliver", {});
    expect(await marks()).toEqual(before);
    await performOutbox(world.services);
    expect(await lists()).toEqual([]);

    await world.settle({ autoSyncEnabled: true });
    await performOutbox(world.services);
    expect(await lists()).toHaveLength(1);
    const { generation } = await connection();
    const now = world.clock.now();
    await requireReconnect(world.database.db, {
      connectionId: world.connectionId,
      generation,
      reason: "revoked",
      now,
    });
    expect(await lists()).toEqual([]);
    expect(await world.renew()).toMatchObject({ lists: 0 });
  });

  it("is stopped before the revocation when an account is disconnected", async () => {
    await disconnect(world.services, world.person.ctx(world.clock.now()), world.connectionId);
    await act("create", { summary: "Too late" });
    await world.control("channels/deliver", {});
    expect(await finishDisconnect(world.services, world.connectionId)).toMatchObject({ ending: "revoked" });
    expect(await lists()).toEqual([]);
  });

  it("that a job of another day put off is asked for now", async () => {
    const present = world.clock.now();
    await world.database.db
      .update(calendarConnections)
      .set({ nextListWatchAt: new Date(present.getTime() + 9 * DAY_MS) });
    await returnToPresent(world.database.db, present);
    expect((await connection()).nextListWatchAt).toBeNull();
  });
});

import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { calendarSyncLogs } from "@/db/schema/calendars";
import { calendarConnections } from "@/db/schema/connections";
import { integrationPolicies } from "@/db/schema/users";
import { JOBS } from "@/inngest/jobs";
import { requestSync } from "@/lib/connections/request-sync";
import { updateSettings } from "@/lib/connections/settings";
import { vendorWorld } from "./vendor-world";

const world = vendorWorld();
const ctx = () => world.person.ctx(world.clock.now());

/** A wish that nobody may take up for an hour: its vendor asked for that. */
async function waitingWish(): Promise<string> {
  await world.minutes(1);
  world.arm({ kind: "too_many_requests", retryAfter: 3_600, count: 1 });
  await world.minutes(7);
  const { runIds } = await requestSync(world.services, ctx(), world.connectionId);
  await world.minutes(1);
  expect(await statusOf(runIds[0])).toBe("running");
  return runIds[0] ?? "";
}

async function statusOf(runId = ""): Promise<string | undefined> {
  const rows = await world.database.db.select().from(calendarSyncLogs).where(eq(calendarSyncLogs.id, runId));
  return rows[0]?.status;
}

describe("a requested run comes to an end", () => {
  it("when the vendor's wait is over", async () => {
    const runId = await waitingWish();
    await world.minutes(62);
    expect(await statusOf(runId)).toBe("succeeded");
  });

  it("when the grant is found dead before anybody could read", async () => {
    const runId = await waitingWish();
    world.google.sandbox.vault.revoke(world.account.email);
    world.clock.advance(3_600_000);
    await JOBS["refresh-tokens"](world.services);
    const [row] = await world.database.db
      .select()
      .from(calendarConnections)
      .where(eq(calendarConnections.id, world.connectionId));
    expect(row?.reconnectReason).toBe("revoked");
    await world.minutes(10);
    expect(await statusOf(runId)).toBe("failed");
  });

  it("when import is switched off", async () => {
    const runId = await waitingWish();
    await updateSettings(world.services, ctx(), world.connectionId, { importEnabled: false });
    expect(await statusOf(runId)).toBe("cancelled");
  });

  it("when its calendar is no longer checked", async () => {
    const runId = await waitingWish();
    const calendars = [{ id: world.calendarId, checkForConflicts: false }];
    await updateSettings(world.services, ctx(), world.connectionId, { calendars });
    expect(await statusOf(runId)).toBe("cancelled");
  });

  it("when the organization forbids the vendor for a while", async () => {
    const runId = await waitingWish();
    const policy = {
      organizationId: world.person.organizationId,
      provider: "google" as const,
      allowed: false,
    };
    await world.database.db.insert(integrationPolicies).values(policy);
    await world.minutes(70);
    expect(await statusOf(runId)).toBe("running");
    await world.database.db.delete(integrationPolicies);
    await world.minutes(2);
    expect(await statusOf(runId)).toBe("succeeded");
  });
});

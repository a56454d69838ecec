import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "../../core/server";

const ALICE = "alice@example.test";

describe("the calendar's journal and seed", () => {
  let dataDirectory: string;
  let sandbox: Sandbox;

  beforeEach(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), "sandbox-calendar-"));
    sandbox = createSandbox({ dataDirectory });
  });
  afterEach(async () => {
    await sandbox.close();
    rmSync(dataDirectory, { recursive: true });
  });

  const tokenOf = (account: string) =>
    sandbox.vault.issueAccess(
      { account, clientId: "x", scopes: ["https://www.googleapis.com/auth/calendar"] },
      false,
    ).token;
  const get = async (token: string, path: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await sandbox.app.request(`/calendar/v3/${path}`, { headers });
    return (await response.json()) as {
      items: { id: string; status: string; summary?: string }[];
      nextSyncToken: string;
      error?: { code: number };
    };
  };

  it("brings calendars, changes and sync tokens back after a restart", async () => {
    const token = tokenOf(ALICE);
    const first = await get(token, "calendars/primary/events?singleEvents=true&maxResults=2500");
    const path = `calendars/primary/events?singleEvents=true&maxResults=2500&syncToken=${encodeURIComponent(first.nextSyncToken)}`;
    await sandbox.close();
    sandbox = createSandbox({ dataDirectory });
    expect((await get(token, path)).items).toEqual([]);
    const response = await sandbox.app.request("/sandbox/api/calendar/events/create", {
      method: "POST",
      body: JSON.stringify({
        account: ALICE,
        event: { summary: "After", start: { date: "2030-01-01" }, end: { date: "2030-01-02" } },
      }),
    });
    expect(response.status).toBe(200);
    expect((await get(token, path)).items.map(({ summary }) => summary)).toEqual(["After"]);
  });

  it("seeds calendars for every demo account and none for the one without Calendar", async () => {
    const alice = await get(tokenOf(ALICE), "users/me/calendarList");
    expect(alice.items.map(({ summary }) => summary).sort()).toEqual([
      "Famille",
      "Jours fériés en France",
      "Salle de réunion",
      ALICE,
    ]);
    const events = await get(tokenOf(ALICE), "calendars/primary/events?singleEvents=true");
    expect(events.items.length).toBeGreaterThan(30);
    const bob = await get(tokenOf("bob@example.test"), "calendars/primary/events");
    expect(bob.items.length).toBe(5);
    expect((await get(tokenOf("no-calendar@example.test"), "users/me/calendarList")).error?.code).toBe(403);
  });

  it("seeds the same ids after a reset", async () => {
    const before = await get(tokenOf(ALICE), "calendars/primary/events");
    sandbox.reset();
    const after = await get(tokenOf(ALICE), "calendars/primary/events");
    expect(after.items.map(({ id }) => id)).toEqual(before.items.map(({ id }) => id));
    const stale = `calendars/primary/events?syncToken=${encodeURIComponent(before.nextSyncToken)}`;
    expect((await get(tokenOf(ALICE), stale)).error?.code).toBe(410);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANN, BEN, type Bench, openBench, timed } from "../test-bench";
import { createVisitor, namesOf, type Visitor } from "./test-visitor";

describe("calendars on the calendar's page", () => {
  let bench: Bench;
  let visitor: Visitor;
  beforeAll(async () => {
    bench = await openBench();
    visitor = createVisitor(bench);
  });
  afterAll(() => bench.sandbox.close());

  it("shows a calendar that is only shared to be read without a form to change it", async () => {
    const calendarId = (
      await bench.act("calendars/create", { account: BEN, summary: "Ward", timeZone: "Europe/Paris" })
    ).id;
    await bench.act("calendars/share", { account: BEN, calendarId, with: ANN, role: "freeBusyReader" });
    const event = { summary: "Secret", ...timed("2026-11-27T14:00:00", "2026-11-27T15:00:00") };
    const { id } = await bench.act("events/create", { account: BEN, calendarId, event });
    const { html } = await visitor.week();
    expect(html).not.toContain("Secret");
    expect(namesOf(html)).toContain("Busy, Friday 27 November, 14:00 – 15:00");
    const sheet = await visitor.open(
      `/event?account=${ANN}&event=${encodeURIComponent(`${calendarId} ${id}`)}`,
    );
    expect(sheet.html).not.toContain("Secret");
    expect(sheet.html).not.toContain('value="save"');
  });

  it("creates, renames, shares and deletes calendars, and shows the ticked ones", async () => {
    const record = async (name: string) => {
      const list = (await bench.client(ANN).calendarList.list({ maxResults: 250 })).data.items ?? [];
      return list.find(({ summary }) => summary === name);
    };
    await visitor.post("calendar", { calendar: "", name: "Desk", timeZone: "Europe/Paris", do: "save" });
    const calendar = (await record("Desk"))?.id ?? "";
    expect((await visitor.post("calendar", { calendar, name: "", timeZone: "Europe/Paris" })).html).toContain(
      "Give the calendar a name.",
    );
    expect((await visitor.post("calendar", { calendar, name: "Desk", timeZone: "Mars/Base" })).status).toBe(
      400,
    );
    await visitor.post("calendar", { calendar, name: "Bureau", timeZone: "Asia/Tokyo", do: "save" });
    expect(await record("Bureau")).toMatchObject({ id: calendar, timeZone: "Asia/Tokyo", selected: true });
    await visitor.post("calendar", { calendar, with: BEN, role: "writer", do: "share" });
    expect((await bench.client(BEN).calendarList.get({ calendarId: calendar })).data.accessRole).toBe(
      "writer",
    );
    await visitor.post("calendar", { calendar, unshare: BEN });
    await expect(bench.client(BEN).calendarList.get({ calendarId: calendar })).rejects.toThrow();
    await visitor.post("shown", { shown: ANN });
    expect((await record("Bureau"))?.selected).toBeUndefined();
    await visitor.post("calendar", { calendar, do: "delete" });
    expect(await record("Bureau")).toBeUndefined();
  });

  it("makes sync tokens invalid", async () => {
    const client = bench.client(ANN);
    const syncToken =
      (await client.events.list({ calendarId: "primary", maxResults: 2_500 })).data.nextSyncToken ?? "";
    await client.events.list({ calendarId: "primary", syncToken });
    await visitor.post("calendar", { calendar: ANN, do: "invalidate" });
    await expect(client.events.list({ calendarId: "primary", syncToken })).rejects.toMatchObject({
      status: 410,
    });
  });

  it("has a version that changes with each write and only then", async () => {
    const version = async () => (await visitor.open(`/version?account=${ANN}`)).html;
    const before = await version();
    expect(await version()).toBe(before);
    const event = { summary: "New", ...timed("2026-11-24T10:00:00", "2026-11-24T11:00:00") };
    await bench.act("events/create", { account: ANN, event });
    expect(await version()).not.toBe(before);
  });

  it("serves its own scripts and lets none other run", async () => {
    const response = await fetch(`${bench.origin}/sandbox/calendar?account=${ANN}`);
    // Without a referrer browsers post forms with `Origin: null`, which the control pages refuse.
    expect(response.headers.get("referrer-policy")).toBe("same-origin");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    const html = await response.text();
    for (const [, path] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g))
      expect((await fetch(bench.origin + path)).status).toBe(200);
  });
});

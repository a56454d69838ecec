import { describe, expect, it } from "vitest";
import { spanRange } from "@/lib/calendar/event-time";
import { fingerprint } from "@/lib/calendar/fingerprint";
import { mapEvent } from "@/lib/providers/google/map-event";
import { PARIS } from "@/tests/support/factories";

const timed = (start: string, end: string) => ({ start: { dateTime: start }, end: { dateTime: end } });
const HOUR = timed("2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00");

/** What the database can hold: four digits of a year, no NUL, no half of a character. */
function expectStorable(raw: Parameters<typeof mapEvent>[0]): void {
  const event = mapEvent(raw);
  if (event === null) return;
  const { start, end } = spanRange(event, PARIS);
  for (const at of [start, end]) expect(at.toISOString()).toMatch(/^\d{4}-/);
  const { externalId, seriesId, iCalUid, etag, title, location, attendees } = event;
  const words = [
    externalId,
    seriesId,
    iCalUid,
    etag,
    title,
    location,
    ...attendees.flatMap((a) => [a.name, a.email]),
  ];
  for (const word of words) {
    expect(word ?? "").not.toContain("\u0000");
    expect(word?.isWellFormed() ?? true).toBe(true);
  }
  expect(fingerprint(event)).toHaveLength(27);
}

describe("one event nobody could store", () => {
  it.each([
    ["ends after the year 9999", { id: "a", ...timed("2026-12-01T09:00:00Z", "9999-12-31T23:59:59-05:00") }],
    ["begins before the year 1", { id: "a", ...timed("0000-01-01T00:00:00Z", "2026-12-01T09:00:00Z") }],
    [
      "lasts until the last day of all",
      { id: "a", start: { date: "2026-12-01" }, end: { date: "9999-12-31" } },
    ],
    ["is on the last day of all", { id: "a", start: { date: "9999-12-31" }, end: { date: "9999-12-31" } }],
    [
      "holds NUL",
      { id: "a\u0000", iCalUID: "u\u0000", etag: "\u0000", recurringEventId: "s\u0000", summary: "\u0000x" },
    ],
    ["holds half a character", { id: "a", iCalUID: "u\ud800", summary: "x\udc00", location: "\ud800" }],
  ])("%s: it comes to something that can be, so that its calendar is read on", (_name, raw) => {
    expectStorable({ ...HOUR, ...raw });
  });

  it("goes on blocking as far as there is time", () => {
    const event = mapEvent({ id: "a", ...timed("2026-12-01T09:00:00Z", "9999-12-31T23:59:59-05:00") });
    expect(event && spanRange(event, PARIS)).toEqual({
      start: new Date("2026-12-01T09:00:00.000Z"),
      end: new Date("9999-12-30T00:00:00.000Z"),
    });
  });
});

it("keeps every word of an ordinary event", () => {
  expect(
    mapEvent({ id: "a", iCalUID: "a@google.com", etag: '"1"', summary: " Été 🎉 ", ...HOUR }),
  ).toMatchObject({
    externalId: "a",
    iCalUid: "a@google.com",
    etag: '"1"',
    title: "Été 🎉",
    start: { at: new Date("2026-12-01T08:00:00.000Z") },
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { fingerprint } from "@/lib/calendar/fingerprint";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

const paris = "Europe/Paris" as TimeZoneId;
const at = (text: string) => ({ kind: "instant", at: new Date(text), zone: paris }) as const;
const guest = { name: "Bo", email: "bo@example.test", response: "accepted", self: false } as const;
const event: CalendarEvent = {
  externalId: "e1",
  seriesId: null,
  iCalUid: "uid-1",
  etag: '"1"',
  updatedAt: new Date("2026-11-01T00:00:00Z"),
  kind: "default",
  status: "confirmed",
  start: at("2026-11-20T09:00:00Z"),
  end: at("2026-11-20T10:00:00Z"),
  showAs: "busy",
  response: "accepted",
  title: "Fitting",
  location: null,
  attendees: [guest],
  organizerSelf: true,
  private: false,
  bookingMarker: null,
};

const CONTENT_CHANGES: Partial<CalendarEvent>[] = [
  { externalId: "e2" },
  { seriesId: "s" },
  { iCalUid: null },
  { kind: "focus_time" },
  { status: "tentative" },
  { start: at("2026-11-20T08:59:59.999Z") },
  { start: { ...at("2026-11-20T09:00:00Z"), zone: null } },
  { end: at("2026-11-20T10:00:00.001Z") },
  {
    start: { kind: "day", date: "2026-11-20" as IsoDate },
    end: { kind: "day", date: "2026-11-21" as IsoDate },
  },
  { showAs: "free" },
  { response: "declined" },
  { title: null },
  { title: "" },
  { title: "Fitting " },
  { title: null, location: "Fitting" },
  { location: "" },
  { attendees: [] },
  { attendees: [guest, guest] },
  { attendees: [{ ...guest, name: null }] },
  { attendees: [{ ...guest, email: null }] },
  { attendees: [{ ...guest, name: guest.email, email: guest.name }] },
  { attendees: [{ ...guest, response: "declined" }] },
  { attendees: [{ ...guest, self: true }] },
  { organizerSelf: false },
  { private: true },
  { bookingMarker: "b1" },
];

describe("fingerprint", () => {
  it("differs for every change of content, and between all of them", () => {
    const prints = [event, ...CONTENT_CHANGES.map((change) => ({ ...event, ...change }))].map(fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it("covers every field of an event", () => {
    const changed = new Set(CONTENT_CHANGES.flatMap((change) => Object.keys(change)));
    const fields = Object.keys(event).filter((field) => field !== "etag" && field !== "updatedAt");
    expect([...changed].sort()).toEqual(fields.sort());
  });

  it("stays for a new etag or update time alone", () => {
    expect(fingerprint({ ...event, etag: null, updatedAt: null })).toBe(fingerprint(event));
  });

  it("stays for an equal event with fields in another order", () => {
    const reversed = Object.fromEntries(
      Object.entries(structuredClone(event)).reverse(),
    ) as unknown as CalendarEvent;
    expect(fingerprint(reversed)).toBe(fingerprint(event));
  });

  it("is short text whatever the event holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (title, location) => {
        expect(fingerprint({ ...event, title, location })).toMatch(/^[\w-]{27}$/);
      }),
    );
  });

  it("never moves text from one field into another unnoticed", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (title, location, moved) => {
        fc.pre(moved !== "");
        const before = fingerprint({ ...event, title: title + moved, location });
        expect(fingerprint({ ...event, title, location: moved + location })).not.toBe(before);
      }),
    );
  });

  it("keeps its value from release to release, or all calendars would be rewritten", () => {
    expect(fingerprint(event)).toMatchInlineSnapshot(`"7xTpuW4sS_MyvT5PYRzqC38h31g"`);
  });
});

import { describe, expect, it } from "vitest";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import { missingMatters, noticeOf, type OwnFacts, standingOf } from "@/lib/calendar/own-event";
import { shapeHash } from "@/lib/calendar/shape-hash";
import type { TimeRange } from "@/lib/calendar/time-range";

const hour = (n: number) => new Date(Date.UTC(2026, 10, 24, n));
const range = (start: number): TimeRange => ({ start: hour(start), end: hour(start + 1) });
const instant = (at: Date) => ({ kind: "instant", at, zone: null }) as const;

function event(start: number, more: Partial<CalendarEvent> = {}): CalendarEvent {
  return {
    externalId: "ent1",
    seriesId: null,
    iCalUid: "ent1@google.com",
    etag: "v2",
    updatedAt: hour(2),
    kind: "default",
    status: "confirmed",
    start: instant(hour(start)),
    end: instant(hour(start + 1)),
    showAs: "busy",
    response: "none",
    title: "Appointment: Ada",
    location: "Lyon",
    attendees: [],
    organizerSelf: true,
    private: false,
    bookingMarker: "b1",
    ...more,
  };
}

/** Written for ten o'clock, and still there as far as we know. */
const written: OwnFacts = {
  desired: "present",
  confirmed: true,
  booked: range(10),
  written: range(10),
  shapeHash: shapeHash(event(10)),
  etag: "v1",
  updatedAt: hour(1),
  remoteState: "in_place",
  remote: null,
  verify: false,
  open: false,
  inFlight: false,
  stands: false,
};
const facts = (more: Partial<OwnFacts> = {}): OwnFacts => ({ ...written, ...more });

describe("whose time our event takes", () => {
  const standing = (
    start: number,
    more: Partial<OwnFacts> = {},
    by: "stored" | "moved" | "rebuilt" = "stored",
  ) => standingOf(event(start), range(start), by, facts(more));

  it.each<[string, number, Partial<OwnFacts>]>([
    ["where we wrote it", 10, {}],
    ["where its booking went, our write there not stored yet", 12, { booked: range(12) }],
    ["where we wrote it, while its booking went on already", 10, { booked: range(12) }],
    ["an older version than the one we wrote", 9, { updatedAt: hour(3) }],
    ["a first write nobody answered yet", 10, { written: null, updatedAt: null, etag: null }],
    ["of a cancelled booking, soon to be removed", 10, { confirmed: false, desired: "absent" }],
    ["left there after export was switched off", 10, { desired: "left" }],
  ])("is its booking's: %s", (_, start, more) => {
    expect(standing(start, more)).toBe("own");
  });

  it.each<[string, Partial<OwnFacts>]>([
    ["elsewhere", {}],
    ["elsewhere while its target changes", { desired: "absent" }],
    ["elsewhere in a version we wrote nothing about", { updatedAt: null }],
  ])("is taken beside its booking's: %s", (_, more) => {
    expect(standing(9, more)).toBe("displaced");
    expect(standing(9, more, "moved")).toBe("displaced");
  });

  it.each<[string, Partial<OwnFacts>]>([
    ["its booking was cancelled", { confirmed: false, desired: "absent" }],
    ["it was left to its owner", { desired: "left" }],
  ])("is its owner's once they moved it and %s", (_, more) => {
    expect(standing(9, more)).toBe("foreign");
  });

  it("is its booking's in every image of it, whatever that says", () => {
    expect(standingOf(event(9), range(9), "mirror", null)).toBe("own");
    expect(standing(9, { stands: true }, "moved")).toBe("own");
  });
});

describe("what meeting our event tells", () => {
  const notice = (
    met: CalendarEvent,
    start: number,
    more: Partial<OwnFacts> = {},
    by: "stored" | "moved" = "stored",
  ) => noticeOf(met, range(start), by, facts(more));

  it("nothing, of the version we wrote", () => {
    expect(notice(event(10, { etag: "v1", updatedAt: hour(1) }), 10)).toBeNull();
  });

  it.each<[string, CalendarEvent, number, "stored" | "moved", string]>([
    ["other times", event(9), 9, "stored", "moved"],
    ["another title", event(10, { title: "Dentist" }), 10, "stored", "edited"],
    ["another place", event(10, { location: null }), 10, "stored", "edited"],
    ["another calendar", event(10), 10, "moved", "relocated"],
    ["another calendar and other times", event(9), 9, "moved", "relocated"],
  ])("%s", (_, met, start, by, state) => {
    expect(notice(met, start, {}, by)).toEqual({
      say: "state",
      state,
      remote: range(start),
      etag: "v2",
      updatedAt: hour(2),
    });
  });

  it("that its owner put it back, keeping the etag of before: what we cannot see of it may have changed", () => {
    const moved = { remoteState: "moved", remote: range(9) } as const;
    const inPlace = { say: "state", state: "in_place", remote: null, etag: null, updatedAt: hour(2) };
    expect(notice(event(10), 10, moved)).toEqual(inPlace);
    expect(notice(event(10), 10)).toEqual(inPlace);
    expect(notice(event(10), 10, { updatedAt: hour(2) })).toBeNull();
  });

  it("that it lives though it was taken for deleted, or that its booking followed it", () => {
    const known = { etag: "v2", updatedAt: hour(2) };
    expect(notice(event(10), 10, { ...known, remoteState: "deleted" })).toMatchObject({ state: "in_place" });
    const followed = { ...known, remoteState: "moved", remote: range(9), booked: range(9) } as const;
    expect(notice(event(9), 9, followed)).toMatchObject({ state: "in_place" });
    expect(notice(event(10), 10, { ...known, remoteState: "edited", remote: range(10) })).toBeNull();
  });

  it("the same once only", () => {
    const known = { etag: "v2", updatedAt: hour(2), remoteState: "moved", remote: range(9) } as const;
    expect(notice(event(9), 9, known)).toBeNull();
    expect(notice(event(9, { etag: "v3", updatedAt: hour(3) }), 9, known)).toMatchObject({ etag: "v3" });
  });

  it.each<[string, CalendarEvent, number, Partial<OwnFacts>]>([
    ["an older version, read before our write and applied after it", event(9), 9, { updatedAt: hour(3) }],
    ["what is no longer wanted there", event(9), 9, { desired: "absent" }],
    ["what was left to its owner", event(9), 9, { desired: "left" }],
    ["what none of our writes was answered about", event(9), 9, { written: null }],
    [
      "words that a write of ours is just changing",
      event(12, { title: "New" }),
      12,
      { booked: range(12), open: true },
    ],
  ])("nothing, of %s", (_, met, start, more) => {
    expect(notice(met, start, more)).toBeNull();
  });

  it("nothing, of images", () => {
    expect(noticeOf(event(9), range(9), "mirror", facts())).toBeNull();
    expect(notice(event(9), 9, { stands: true }, "moved")).toBeNull();
  });

  it("that one must look, while it is being written", () => {
    expect(notice(event(9), 9, { inFlight: true })).toEqual({ say: "look" });
    expect(notice(event(9), 9, { inFlight: true, verify: true })).toBeNull();
  });

  it("the same of an all-day event as of any other time", () => {
    const day = { kind: "day", date: "2026-11-24" } as never;
    expect(notice(event(10, { start: day, end: day }), 0)).toMatchObject({ state: "moved" });
  });
});

describe("an event of ours that is missing", () => {
  it.each<["here" | "elsewhere", boolean, Partial<OwnFacts>]>([
    ["here", true, {}],
    ["here", true, { remoteState: "moved" }],
    ["here", false, { verify: true }],
    ["here", false, { remoteState: "deleted" }],
    ["here", false, { remoteState: "relocated" }],
    ["here", false, { desired: "absent" }],
    ["here", false, { desired: "left" }],
    ["elsewhere", false, {}],
    ["elsewhere", true, { remoteState: "relocated" }],
  ])("%s is a reason to look: %s", (where, matters, more) => {
    expect(missingMatters(where, facts(more))).toBe(matters);
  });
});

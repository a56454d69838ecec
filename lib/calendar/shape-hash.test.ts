import { describe, expect, it } from "vitest";
import { contentHash, type EventShape, shapeHash } from "@/lib/calendar/shape-hash";
import { PARIS } from "@/tests/support/factories";
import { at, day } from "@/tests/support/scripted-vendor";

const EVENT: EventShape = {
  title: "Appointment: Massage – Ada",
  location: "1 rue de la Paix",
  start: at("2026-11-24T10:00:00.000Z"),
  end: at("2026-11-24T11:00:00.000Z"),
};

describe("the mark of what an import sees", () => {
  it("is 27 characters, the same however the zone is told", () => {
    const inZone = {
      ...EVENT,
      start: { kind: "instant", at: new Date("2026-11-24T10:00:00.000Z"), zone: PARIS },
    };
    expect(shapeHash(EVENT)).toHaveLength(27);
    expect(shapeHash(inZone as EventShape)).toBe(shapeHash(EVENT));
  });

  it.each<[string, Partial<EventShape>]>([
    ["title", { title: "Appointment: Massage" }],
    ["place", { location: null }],
    ["start", { start: at("2026-11-24T10:15:00.000Z") }],
    ["end", { end: at("2026-11-24T10:45:00.000Z") }],
    ["kind of time", { start: day("2026-11-24"), end: day("2026-11-25") }],
  ])("differs with the %s", (_what, change) => {
    expect(shapeHash({ ...EVENT, ...change })).not.toBe(shapeHash(EVENT));
    expect(contentHash({ ...EVENT, ...change }, "text")).not.toBe(contentHash(EVENT, "text"));
  });

  it("knows nothing of the text, which the mark of all we write does", () => {
    expect(contentHash(EVENT, "one")).not.toBe(contentHash(EVENT, "two"));
    expect(contentHash(EVENT, null)).not.toBe(shapeHash(EVENT));
  });
});

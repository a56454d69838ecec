import { describe, expect, it } from "vitest";
import { type ExportFacts, type ExportStep, type Heard, planExport } from "@/lib/calendar/export-plan";

const FACTS: ExportFacts = {
  desired: "present",
  verify: false,
  remoteState: "in_place",
  written: true,
  asked: true,
  named: true,
  etag: '"1"',
  contentHash: "was",
  wantedHash: "now",
  cancelled: false,
  over: false,
};
const NEVER = { written: false, asked: false, named: false, etag: null, contentHash: null };
const NOTHING: Heard = { type: "nothing" };
const live = (change: "moved" | "edited" | null, hash = "was"): Heard => ({
  type: "live",
  change,
  hash,
  etag: '"9"',
});

const plan = (facts: Partial<ExportFacts>, heard: Heard = NOTHING) =>
  planExport({ ...FACTS, ...facts }, heard);

describe("an event that should be there", () => {
  it.each<[string, Partial<ExportFacts>, Heard, ExportStep]>([
    ["never written", NEVER, NOTHING, { do: "create", nextId: false }],
    [
      "asked for, the answer lost",
      { ...NEVER, asked: true, named: true },
      NOTHING,
      { do: "create", nextId: false },
    ],
    ["as it should be", { contentHash: "now" }, NOTHING, { do: "settle", gone: false }],
    ["out of date", {}, NOTHING, { do: "update", etag: '"1"', restore: false }],
    ["asked for, its id in the lost answer", { ...NEVER, asked: true }, NOTHING, { do: "look" }],
    ["its id taken", NEVER, { type: "taken" }, { do: "look" }],
    ["changed since", {}, { type: "stale" }, { do: "look" }],
    ["written before a lost answer", NEVER, live(null, "now"), { do: "adopt" }],
    ["an older draft of ours", NEVER, live(null), { do: "update", etag: '"9"', restore: false }],
    ["touched where we do not write", {}, live(null), { do: "update", etag: '"9"', restore: false }],
    ["moved by its owner", {}, live("moved", "x"), { do: "note", state: "moved" }],
    ["edited by its owner", {}, live("edited", "x"), { do: "note", state: "edited" }],
    ["moved by its owner to where it should be", {}, live("moved", "now"), { do: "adopt" }],
    ["deleted by its owner", {}, { type: "deleted" }, { do: "note", state: "deleted" }],
    ["unknown to the calendar", {}, { type: "absent" }, { do: "note", state: "deleted" }],
    ["deleted, and wanted anew", NEVER, { type: "deleted" }, { do: "update", etag: null, restore: true }],
    ["deleted for ever, and wanted anew", NEVER, { type: "unrevivable" }, { do: "create", nextId: true }],
    ["over", { over: true }, NOTHING, { do: "settle", gone: false }],
  ])("%s", (_name, facts, heard, step) => {
    expect(plan(facts, heard)).toEqual(step);
  });

  it.each(["moved", "edited", "deleted", "relocated"] as const)(
    "that its owner %s is looked at, never written over",
    (remoteState) => {
      expect(plan({ remoteState })).toEqual({ do: "look" });
      expect(plan({ remoteState }, live("moved", "x"))).toEqual({ do: "note", state: "moved" });
      expect(plan({ remoteState }, { type: "deleted" })).toEqual({ do: "note", state: "deleted" });
      // It was a lost answer of ours, or its owner put it back.
      expect(plan({ remoteState }, live(null))).toEqual({ do: "update", etag: '"9"', restore: false });
    },
  );

  it("that is to be written again is written over whatever is there", () => {
    const again = { contentHash: null };
    expect(plan(again)).toEqual({ do: "look" });
    expect(plan(again, live("moved", "x"))).toEqual({ do: "update", etag: '"9"', restore: true });
    expect(plan(again, { type: "deleted" })).toEqual({ do: "update", etag: null, restore: true });
    expect(plan(again, { type: "absent" })).toEqual({ do: "create", nextId: false });
    expect(plan(again, { type: "unrevivable" })).toEqual({ do: "create", nextId: true });
  });
});

describe("an event that should be gone", () => {
  const gone = { desired: "absent", cancelled: true } as const;
  it.each<[string, Partial<ExportFacts>, Heard, ExportStep]>([
    ["never asked for", NEVER, NOTHING, { do: "settle", gone: true }],
    [
      "asked for, the answer lost",
      { ...NEVER, asked: true, named: true },
      NOTHING,
      { do: "remove", etag: null },
    ],
    ["asked for, its id in the lost answer", { ...NEVER, asked: true }, NOTHING, { do: "look" }],
    ["there", {}, NOTHING, { do: "remove", etag: null }],
    ["moved by its owner", { remoteState: "moved" }, NOTHING, { do: "remove", etag: null }],
    ["removed", {}, { type: "deleted" }, { do: "settle", gone: true }],
    ["unknown", {}, { type: "absent" }, { do: "settle", gone: true }],
    ["in doubt", { verify: true }, NOTHING, { do: "remove", etag: null }],
  ])("of a cancelled booking: %s", (_name, facts, heard, step) => {
    expect(plan({ ...gone, ...facts }, heard)).toEqual(step);
  });

  it("because its place changed goes only as we left it", () => {
    const place = { desired: "absent" } as const;
    expect(plan(place)).toEqual({ do: "remove", etag: '"1"' });
    expect(plan(place, { type: "stale" })).toEqual({ do: "look" });
    expect(plan(place, live(null))).toEqual({ do: "remove", etag: '"9"' });
    expect(plan(place, live("edited", "x"))).toEqual({ do: "note", state: "edited" });
    expect(plan({ ...place, remoteState: "moved" })).toEqual({ do: "look" });
    expect(plan({ ...place, remoteState: "moved" }, live(null))).toEqual({ do: "remove", etag: '"9"' });
  });
});

describe("an event a round no longer found", () => {
  it.each(["present", "left"] as const)("is looked for before anything else (%s)", (desired) => {
    const doubt = { desired, verify: true, contentHash: "now" };
    expect(plan(doubt)).toEqual({ do: "look" });
    expect(plan(doubt, { type: "deleted" })).toEqual({ do: "note", state: "deleted" });
    expect(plan(doubt, { type: "absent" })).toEqual({ do: "note", state: "deleted" });
    expect(plan(doubt, live("moved", "x"))).toEqual({ do: "note", state: "moved" });
  });

  it("and is as we left it is believed, and written when something waits", () => {
    expect(plan({ verify: true, contentHash: "now" }, live(null, "now"))).toEqual({ do: "adopt" });
    expect(plan({ verify: true }, live(null))).toEqual({ do: "update", etag: '"9"', restore: false });
    expect(plan({ verify: true, desired: "left" }, live(null))).toEqual({ do: "settle", gone: false });
  });
});

it("an event that is left is never written, whatever is heard", () => {
  const everything: Heard[] = [
    NOTHING,
    { type: "taken" },
    { type: "stale" },
    live("moved", "x"),
    { type: "deleted" },
  ];
  for (const heard of everything) {
    expect(plan({ desired: "left" }, heard)).toEqual({ do: "settle", gone: false });
  }
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BlockCalendar,
  type BlockFacts,
  type BlockReason,
  type BlockSettings,
  blocks,
} from "@/lib/calendar/blocking";

const plain: BlockFacts = {
  allDay: false,
  kind: "default",
  status: "confirmed",
  showAs: "busy",
  response: "none",
  own: false,
  override: null,
  empty: false,
};
const defaults: BlockSettings = { allDayEvents: "always_block", tentative: "block" };
const asProvider: BlockSettings = { ...defaults, allDayEvents: "as_provider" };
const ignoring: BlockSettings = { ...defaults, tentative: "ignore" };
const mine: BlockCalendar = { canWrite: true };
const readOnly: BlockCalendar = { canWrite: false };

const anyFacts: fc.Arbitrary<BlockFacts> = fc.record({
  allDay: fc.boolean(),
  kind: fc.constantFrom(
    "default",
    "focus_time",
    "out_of_office",
    "working_location",
    "birthday",
    "from_mail",
  ),
  status: fc.constantFrom("confirmed", "tentative"),
  showAs: fc.constantFrom("busy", "free", "tentative", "out_of_office", "working_elsewhere"),
  response: fc.constantFrom("none", "organizer", "needs_action", "declined", "tentative", "accepted"),
  own: fc.boolean(),
  override: fc.constantFrom(true, false, null),
  empty: fc.boolean(),
});
const anySettings: fc.Arbitrary<BlockSettings> = fc.record({
  allDayEvents: fc.constantFrom("as_provider", "always_block"),
  tentative: fc.constantFrom("block", "ignore"),
});
const anyCalendar: fc.Arbitrary<BlockCalendar> = fc.record({ canWrite: fc.boolean() });

type Row = [string, Partial<BlockFacts>, BlockSettings, BlockCalendar, boolean, BlockReason];

describe("blocks", () => {
  it.each<Row>([
    ["an ordinary event", {}, defaults, mine, true, "busy"],
    ["an ordinary event of a read-only calendar", {}, defaults, readOnly, true, "busy"],
    ["time out of office", { kind: "out_of_office", showAs: "out_of_office" }, defaults, mine, true, "busy"],
    ["focus time", { kind: "focus_time" }, defaults, mine, true, "busy"],
    ["an accepted invitation", { response: "accepted" }, defaults, mine, true, "busy"],
    ["an invitation not yet answered", { response: "needs_action" }, ignoring, mine, true, "unanswered"],
    ["a declined invitation", { response: "declined" }, defaults, mine, false, "declined"],
    [
      "a declined all-day invitation",
      { response: "declined", allDay: true },
      defaults,
      mine,
      false,
      "declined",
    ],
    ["an event marked free", { showAs: "free" }, defaults, mine, false, "marked_free"],
    ["working elsewhere", { showAs: "working_elsewhere" }, defaults, mine, false, "working_elsewhere"],
    [
      "a day of working elsewhere",
      { showAs: "working_elsewhere", allDay: true },
      defaults,
      mine,
      false,
      "working_elsewhere",
    ],
    [
      "a working location",
      { kind: "working_location", allDay: true, showAs: "free" },
      defaults,
      mine,
      false,
      "working_elsewhere",
    ],
    [
      "a working location marked busy",
      { kind: "working_location" },
      defaults,
      mine,
      false,
      "working_elsewhere",
    ],
    ["an event without length", { empty: true }, defaults, mine, false, "zero_length"],
    ["an all-day event", { allDay: true }, asProvider, readOnly, true, "busy"],
    [
      "an all-day event marked free",
      { allDay: true, showAs: "free" },
      defaults,
      mine,
      true,
      "all_day_setting",
    ],
    [
      "the same, following the marking",
      { allDay: true, showAs: "free" },
      asProvider,
      mine,
      false,
      "marked_free",
    ],
    [
      "the same in a read-only calendar",
      { allDay: true, showAs: "free" },
      defaults,
      readOnly,
      false,
      "marked_free",
    ],
    [
      "a birthday marked free",
      { kind: "birthday", allDay: true, showAs: "free" },
      defaults,
      mine,
      false,
      "marked_free",
    ],
    ["a birthday marked busy", { kind: "birthday", allDay: true }, defaults, mine, true, "busy"],
    ["a tentative event", { status: "tentative" }, defaults, mine, true, "tentative"],
    ["a tentative event, ignored", { status: "tentative" }, ignoring, mine, false, "tentative_ignored"],
    [
      "an event marked tentative, ignored",
      { showAs: "tentative" },
      ignoring,
      mine,
      false,
      "tentative_ignored",
    ],
    ["an answer of maybe", { response: "tentative" }, defaults, mine, true, "tentative"],
    ["an answer of maybe, ignored", { response: "tentative" }, ignoring, mine, false, "tentative_ignored"],
    [
      "a tentative unanswered event, ignored",
      { status: "tentative", response: "needs_action" },
      ignoring,
      mine,
      false,
      "tentative_ignored",
    ],
    ["our own event", { own: true }, defaults, mine, false, "ours"],
    ["our own event without length", { own: true, empty: true }, defaults, mine, false, "ours"],
    [
      "a free event the provider wants blocked",
      { showAs: "free", override: true },
      defaults,
      mine,
      true,
      "override_busy",
    ],
    [
      "a declined event the provider wants blocked",
      { response: "declined", override: true },
      defaults,
      mine,
      true,
      "override_busy",
    ],
    ["a busy event the provider wants ignored", { override: false }, defaults, mine, false, "override_free"],
    [
      "a free day the provider wants ignored",
      { allDay: true, showAs: "free", override: false },
      defaults,
      mine,
      false,
      "override_free",
    ],
    [
      "an event without length the provider wants blocked",
      { empty: true, override: true },
      defaults,
      mine,
      false,
      "zero_length",
    ],
  ])("decides about %s", (_, facts, settings, calendar, expected, reason) => {
    expect(blocks({ ...plain, ...facts }, settings, calendar)).toEqual({ blocks: expected, reason });
  });

  it("never lets an event without length block", () => {
    fc.assert(
      fc.property(anyFacts, anySettings, anyCalendar, (facts, settings, calendar) => {
        expect(blocks({ ...facts, empty: true }, settings, calendar).blocks).toBe(false);
      }),
    );
  });

  it("follows the provider's word wherever there is time to take", () => {
    fc.assert(
      fc.property(anyFacts, anySettings, anyCalendar, fc.boolean(), (facts, settings, calendar, override) => {
        expect(blocks({ ...facts, empty: false, override }, settings, calendar).blocks).toBe(override);
      }),
    );
  });

  it("never frees time by a stricter setting or a wider permission", () => {
    fc.assert(
      fc.property(anyFacts, anySettings, (facts, settings) => {
        const strict = blocks(facts, { allDayEvents: "always_block", tentative: "block" }, mine).blocks;
        expect(Number(strict)).toBeGreaterThanOrEqual(Number(blocks(facts, settings, readOnly).blocks));
      }),
    );
  });

  it("takes notice of the all-day setting for days marked free alone", () => {
    fc.assert(
      fc.property(anyFacts, anySettings, anyCalendar, (facts, settings, calendar) => {
        fc.pre(!(facts.allDay && facts.showAs === "free"));
        const other = { ...settings, allDayEvents: "as_provider" } as const;
        expect(blocks(facts, settings, calendar)).toEqual(blocks(facts, other, calendar));
      }),
    );
  });
});

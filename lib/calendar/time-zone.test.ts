import { describe, expect, it } from "vitest";
import { WINDOWS_TO_IANA_MAP } from "windows-iana";
import { fromWindowsZone, isTimeZone, parseTimeZone } from "@/lib/calendar/time-zone";

describe("parseTimeZone", () => {
  it.each([
    ["Europe/Paris", "Europe/Paris"],
    ["europe/paris", "Europe/Paris"],
    ["Asia/Kathmandu", "Asia/Kathmandu"],
    ["America/St_Johns", "America/St_Johns"],
    ["America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"],
    ["Etc/GMT+3", "Etc/GMT+3"],
    ["Europe/Kyiv", "Europe/Kyiv"],
    ["utc", "UTC"],
  ])("knows %s", (name, zone) => {
    expect(parseTimeZone(name)).toBe(zone);
  });

  it.each([
    "../../etc",
    "../../etc/passwd",
    "/Europe/Paris",
    "Europe/Paris/",
    "Europe/Paris ",
    "Europe/Paris\n",
    "Europe/Atlantis",
    "Romance Standard Time",
    "+02:00",
    "-03",
    "GMT+2",
    "Z",
    "2027-03-28T00:00[Europe/Paris]",
    "__proto__",
    "constructor",
    "a".repeat(99),
    "",
  ])("refuses %j", (name) => {
    expect(parseTimeZone(name)).toBeNull();
  });

  it.each([null, undefined, 1, {}, ["Europe/Paris"]])("refuses what is no text: %j", (input) => {
    expect(parseTimeZone(input)).toBeNull();
  });

  it("accepts every zone this runtime lists", () => {
    for (const zone of Intl.supportedValuesOf("timeZone")) expect(parseTimeZone(zone)).toBe(zone);
  });

  it("keeps answering after more names than it remembers", () => {
    for (let n = 0; n < 5_000; n += 1) expect(parseTimeZone(`Nowhere/Zone_${n}`)).toBeNull();
    expect(parseTimeZone("Europe/Paris")).toBe("Europe/Paris");
  });
});

describe("isTimeZone", () => {
  it("wants the usual spelling", () => {
    expect(isTimeZone("Europe/Paris")).toBe(true);
    expect(isTimeZone("europe/paris")).toBe(false);
    expect(isTimeZone("Europe/Atlantis")).toBe(false);
    expect(isTimeZone(null)).toBe(false);
  });
});

describe("fromWindowsZone", () => {
  it.each([
    ["Romance Standard Time", "Europe/Paris"],
    ["W. Europe Standard Time", "Europe/Berlin"],
    ["Eastern Standard Time", "America/New_York"],
    ["Newfoundland Standard Time", "America/St_Johns"],
    ["Egypt Standard Time", "Africa/Cairo"],
    ["UTC", "Etc/UTC"],
  ])("reads %s as %s", (name, zone) => {
    expect(fromWindowsZone(name)).toBe(zone);
  });

  it.each([
    "Customized Time Zone",
    "tzone://Microsoft/Custom",
    "tzone://Microsoft/Utc",
    "Europe/Paris",
    "romance standard time",
    "__proto__",
    "",
  ])("knows no zone for %j", (name) => {
    expect(fromWindowsZone(name)).toBeNull();
  });

  it("finds a zone with rules for every Windows name", () => {
    const names = new Set(WINDOWS_TO_IANA_MAP.map((entry) => entry.windowsName));
    expect(names.size).toBeGreaterThan(130);
    expect([...names].filter((name) => !isTimeZone(fromWindowsZone(name)))).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { addressOf } from "@/app/_components/public/address";
import { readVisit } from "@/app/_components/public/visit";

const zones = { device: "Europe/Paris", fallback: "America/New_York" };

describe("what a visitor chose", () => {
  it("is read from the address, the zone before the device's and the provider's", () => {
    const given = { zone: "asia/tokyo", start: "2026-12-01T09:00:00+01:00", from: "2026-12-01" };
    expect(readVisit(given, zones)).toMatchObject({
      zone: "Asia/Tokyo",
      zoneIsChosen: true,
      query: { zone: "Asia/Tokyo", start: "2026-12-01T08:00:00.000Z", from: "2026-12-01" },
    });
    expect(readVisit({}, zones)).toMatchObject({ zone: "Europe/Paris", zoneIsChosen: false, start: null });
    expect(readVisit({}, { ...zones, device: undefined }).zone).toBe("America/New_York");
  });

  it.each([
    { zone: "+02:00", start: "tomorrow", from: "2026-02-30" },
    { zone: ["Asia/Tokyo", "UTC"], start: ["a", "b"], from: "9999-99-99" },
    { zone: "<script>", start: "2999-01-01T00:00:00Z", from: "" },
  ])("is ignored where it cannot be read: %j", (given) => {
    const { zone, query } = readVisit(given, zones);
    expect({ zone, query }).toEqual({
      zone: "Europe/Paris",
      query: { zone: null, start: null, from: null },
    });
  });

  it("makes an address again", () => {
    expect(addressOf("/book/a/b", { zone: null, from: undefined })).toBe("/book/a/b");
    expect(addressOf("/book/a/b", { zone: "Etc/GMT+5", start: null })).toBe("/book/a/b?zone=Etc%2FGMT%2B5");
  });
});

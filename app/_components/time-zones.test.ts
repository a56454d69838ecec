import { expect, it } from "vitest";
import { timeZoneGroups } from "@/app/_components/time-zones";

it("groups zones by region, with cities as people write them", () => {
  const groups = timeZoneGroups("Europe/Paris");
  const america = groups.find(({ region }) => region === "America");
  expect(america?.zones).toContainEqual({ id: "America/New_York", city: "New York" });
  expect(america?.zones).toContainEqual({
    id: "America/Argentina/Ushuaia",
    city: "Argentina, Ushuaia",
  });
});

it("offers UTC and the zone in use, each once", () => {
  const ids = timeZoneGroups("Asia/Kolkata").flatMap(({ zones }) => zones.map(({ id }) => id));
  expect(ids).toContain("UTC");
  expect(ids).toContain("Asia/Kolkata");
  expect(new Set(ids).size).toBe(ids.length);
});

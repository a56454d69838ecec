import { expect, it } from "vitest";
import { targetAccounts } from "@/app/(dashboard)/integrations/target-accounts";

type Connected = Parameters<typeof targetAccounts>[0][number];

const SETTINGS = {
  importEnabled: true,
  exportEnabled: true,
  autoSyncEnabled: true,
  targetCalendarId: "main",
  exportDetails: "full",
  titles: "full",
  allDayEvents: "always_block",
  tentative: "block",
  whenUnsure: "accept",
} as const;

function connected(wish: Partial<Connected> = {}): Connected {
  const calendar = (id: string, canWrite: boolean) =>
    ({ id, name: id, canWrite }) as Connected["calendars"][number];
  return {
    id: "one",
    provider: "google",
    nickname: null,
    accountEmail: "alice@example.test",
    status: "connected",
    capabilities: { readEvents: true, writeEvents: true },
    settings: SETTINGS,
    calendars: [calendar("main", true), calendar("team", true), calendar("holidays", false)],
    ...wish,
  };
}

const only = (wish: Partial<Connected>) => targetAccounts([connected(wish)])[0];

it("offers what can be written to, and nothing of an account that is leaving", () => {
  expect(only({})).toMatchObject({ name: "alice@example.test", hindrance: null, target: "main" });
  expect(only({})?.calendars.map(({ id }) => id)).toEqual(["main", "team"]);
  expect(targetAccounts([connected({ status: "disconnecting" })])).toEqual([]);
});

it("keeps showing a target that became read-only", () => {
  const account = only({ settings: { ...SETTINGS, targetCalendarId: "holidays" } });
  expect(account?.calendars.at(-1)).toEqual({ id: "holidays", name: "holidays", canWrite: false });
});

it("has no target while export is off, and says what stands in the way", () => {
  expect(only({ settings: { ...SETTINGS, exportEnabled: false } })?.target).toBeNull();
  expect(only({ capabilities: { readEvents: true, writeEvents: false } })?.hindrance).toBe("no_permission");
  expect(only({ status: "reconnect_required" })?.hindrance).toBe("reconnect");
  expect(only({ status: "blocked_by_policy" })?.hindrance).toBe("blocked");
});

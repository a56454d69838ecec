import { describe, expect, it } from "vitest";
import { autoSyncOf } from "@/app/(dashboard)/integrations/auto-sync";

describe("how an account is read by itself", () => {
  it.each([
    ["every calendar is told of", ["active", "active"], { how: "told", everyMinutes: 5 }],
    ["one is not", ["active", "unsupported"], { how: "toldOfSome", everyMinutes: 5 }],
    ["none is yet", ["pending"], { how: "polled", everyMinutes: 5 }],
    ["none is read", [], { how: "polled", everyMinutes: 5 }],
  ] as const)("%s", (_, pushes, expected) => {
    expect(autoSyncOf("connected", pushes, 0)).toEqual(expected);
  });

  it("claims no five minutes where requests are short, except for calendars that have nothing else", () => {
    expect(autoSyncOf("connected", ["active"], 0.9)).toEqual({ how: "told", everyMinutes: 15 });
    expect(autoSyncOf("limited", ["active", "pending"], 1.2)).toEqual({
      how: "toldOfSome",
      everyMinutes: 30,
    });
    expect(autoSyncOf("connected", ["pending"], 1.2)).toEqual({ how: "polled", everyMinutes: 5 });
  });

  it("promises nothing for an account that nobody can read", () => {
    expect(autoSyncOf("reconnect_required", ["off"], 0).how).toBe("paused");
    expect(autoSyncOf("blocked_by_policy", ["active"], 0).how).toBe("paused");
  });
});

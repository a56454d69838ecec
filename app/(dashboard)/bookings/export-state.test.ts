import { expect, it } from "vitest";
import {
  EXPORT_LOOKS,
  exportProblemOf,
  exportStateOf,
  remedyFor,
} from "@/app/(dashboard)/bookings/export-state";
import { SYNC_ERROR_KINDS } from "@/lib/calendar/calendar-state";
import { exportStatus } from "@/lib/calendar/export-status";
import en from "@/messages/en.json";

it.each([
  ["pending", null, false, "adding"],
  ["pending", null, true, "removing"],
  ["synced", null, false, "there"],
  ["removed", null, true, "gone"],
  ["synced", "no_longer_updated", false, "kept"],
  ["synced", "no_longer_updated", true, "kept"],
  ["failed", "transient", false, "failed"],
  ["failed", "transient", true, "failed_removing"],
  ["synced", "moved_externally", false, "moved"],
  ["synced", "edited_externally", false, "edited"],
  ["removed", "deleted_externally", false, "deleted"],
  ["synced", "relocated_externally", false, "relocated"],
] as const)("tells %s with %s (cancelled: %s) as %s", (status, code, cancelled, state) => {
  expect(exportStateOf({ status, code }, { cancelled, reachable: true })).toBe(state);
});

it("does not claim that something happens at an account nobody can reach", () => {
  const pending = { status: "pending", code: null } as const;
  expect(exportStateOf(pending, { cancelled: false, reachable: false })).toBe("waiting");
  expect(exportStateOf(pending, { cancelled: true, reachable: false })).toBe("waiting_removing");
  const synced = { status: "synced", code: null } as const;
  expect(exportStateOf(synced, { cancelled: false, reachable: false })).toBe("there");
});

it("has words and a look for every state an event can be in", () => {
  const facts = {
    desired: "present",
    wantedSeq: 1,
    doneSeq: 1,
    verify: false,
    over: false,
    written: true,
  } as const;
  for (const remoteState of ["in_place", "moved", "edited", "deleted", "relocated"] as const) {
    const found = exportStatus({ ...facts, remoteState, errorCode: null });
    const state = exportStateOf(found, { cancelled: false, reachable: true });
    expect(EXPORT_LOOKS[state]).toBeDefined();
    expect(en.bookings.export.state[state]).toBeDefined();
    if (found.code !== null) expect(exportProblemOf(found.code)).toBe(found.code);
  }
});

it("has words for every way a vendor can refuse, and general ones for the rest", () => {
  for (const kind of SYNC_ERROR_KINDS) {
    expect(en.bookings.export.problem[exportProblemOf(kind)].message, kind).toBeTruthy();
  }
  expect(exportProblemOf("something_new")).toBe("other");
  expect(en.bookings.export.problem.other.fix).toBeTruthy();
  expect(remedyFor("reauthorization_required")).toBe("reconnect");
  expect(remedyFor("transient")).toBeNull();
});

import { describe, expect, it } from "vitest";
import {
  type CalendarEvidence,
  calendarState,
  type Freshness,
  freshness,
} from "@/lib/calendar/calendar-state";
import {
  type ConnectionEvidence,
  type ConnectionStatus,
  connectionStatus,
  type StatusReason,
} from "@/lib/calendar/connection-state";

const NOW = new Date("2026-11-20T12:00:00.000Z");
const MINUTE = 60_000;
const ago = (ms: number) => new Date(NOW.getTime() - ms);

const read: CalendarEvidence = {
  selected: true,
  lastCompleteRoundAt: ago(2 * MINUTE),
  lastErrorKind: null,
  failures: 0,
  running: false,
};
const unread: CalendarEvidence = { ...read, lastCompleteRoundAt: null };
const old: CalendarEvidence = { ...read, lastCompleteRoundAt: ago(30 * MINUTE) };
const stumbled: CalendarEvidence = { ...read, failures: 1, lastErrorKind: "transient" };
const down: CalendarEvidence = { ...old, failures: 5, lastErrorKind: "transient" };
const throttled: CalendarEvidence = { ...old, failures: 5, lastErrorKind: "rate_limited" };
const gone: CalendarEvidence = { ...old, failures: 1, lastErrorKind: "not_found" };
const unchecked: CalendarEvidence = { ...unread, selected: false };

const healthy: ConnectionEvidence = {
  reconnectReason: null,
  capabilities: { readEvents: true, writeEvents: true, contacts: false, presence: false },
  policyAllowed: true,
  disconnectingAt: null,
  importEnabled: true,
  autoSync: true,
  calendars: [read, unchecked],
};
const noRead = { ...healthy.capabilities, readEvents: false, writeEvents: false };
const noWrite = { ...healthy.capabilities, writeEvents: false };

type Row = [string, Partial<ConnectionEvidence>, ConnectionStatus, StatusReason | null];

describe("connectionStatus", () => {
  it.each<Row>([
    ["all is well", {}, "connected", null],
    ["a calendar was never read", { calendars: [read, unread] }, "importing", "first_import"],
    [
      "the first import stumbles",
      { calendars: [{ ...unread, failures: 1, lastErrorKind: "transient" }] },
      "importing",
      "first_import_failing",
    ],
    ["writing was not granted", { capabilities: noWrite }, "limited", "write_permission_missing"],
    [
      "writing was not granted and nothing is read yet",
      { capabilities: noWrite, calendars: [unread] },
      "limited",
      "write_permission_missing",
    ],
    ["reading was not granted", { capabilities: noRead }, "reconnect_required", "insufficient_scopes"],
    ["consent was withdrawn", { reconnectReason: "revoked" }, "reconnect_required", "revoked"],
    ["the grant ran out", { reconnectReason: "expired" }, "reconnect_required", "expired"],
    ["our key is lost", { reconnectReason: "key_missing" }, "reconnect_required", "key_missing"],
    [
      "the policy forbids it",
      { policyAllowed: false, reconnectReason: "revoked" },
      "blocked_by_policy",
      "policy",
    ],
    [
      "it is being disconnected",
      { disconnectingAt: NOW, policyAllowed: false, reconnectReason: "revoked" },
      "disconnecting",
      "disconnect_requested",
    ],
    ["import is off", { importEnabled: false, calendars: [unread] }, "connected", "import_off"],
    ["no calendar is checked", { calendars: [unchecked] }, "connected", "no_calendar_checked"],
    ["there is no calendar", { calendars: [] }, "connected", "no_calendar_checked"],
    ["the vendor is down", { calendars: [down, down] }, "connected", "provider_unreachable"],
    ["the vendor throttles", { calendars: [throttled] }, "connected", "rate_limited"],
    [
      "all calendars fail, each its own way",
      { calendars: [down, gone] },
      "connected",
      "all_calendars_failing",
    ],
    ["one calendar fails", { calendars: [read, gone] }, "connected", "some_calendars_failing"],
    ["a round stumbled", { calendars: [read, stumbled] }, "connected", "provider_unreachable"],
    ["rounds are late", { calendars: [old] }, "connected", "sync_delayed"],
    ["automatic sync is off", { autoSync: false, calendars: [old] }, "connected", "automatic_sync_off"],
  ])("when %s", (_, evidence, status, statusReason) => {
    expect(connectionStatus({ ...healthy, ...evidence }, NOW)).toEqual({ status, statusReason });
  });

  it("lets no calendar that is not checked speak", () => {
    const noisy = { ...gone, selected: false };
    expect(connectionStatus({ ...healthy, calendars: [read, noisy] }, NOW).statusReason).toBeNull();
  });
});

describe("freshness", () => {
  it.each<[string, number | null, Freshness]>([
    ["never", null, "unknown"],
    ["just now", 0, "fresh"],
    ["ten minutes ago", 10 * MINUTE, "fresh"],
    ["a moment more than ten minutes ago", 10 * MINUTE + 1, "stale"],
    ["by a clock half a minute ahead", -MINUTE / 2, "fresh"],
    ["by a clock a day ahead", -24 * 60 * MINUTE, "stale"],
  ])("of a calendar read %s", (_, age, expected) => {
    expect(freshness({ lastCompleteRoundAt: age === null ? null : ago(age) }, NOW)).toBe(expected);
  });
});

describe("calendarState", () => {
  const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);
  const seldom = (last: number, next: number) => ({
    lastCompleteRoundAt: minutes(-last),
    nextSyncAt: minutes(next),
  });
  const auto = { autoSync: true, usable: true };
  it.each([
    ["read lately", read, auto, "ok"],
    ["being read", { ...read, running: true }, auto, "syncing"],
    ["being read for the first time", { ...unread, running: true }, auto, "syncing"],
    ["waiting for its first round", unread, auto, "ok"],
    ["read long ago", old, auto, "delayed"],
    ["asked less often", { ...read, ...seldom(20, 10) }, auto, "ok"],
    ["asked less often, whose turn went by", { ...read, ...seldom(32, -1) }, auto, "delayed"],
    [
      "with a turn to come and evidence older than any interval",
      { ...read, ...seldom(36, 1) },
      auto,
      "delayed",
    ],
    ["read long ago, by hand alone", old, { ...auto, autoSync: false }, "ok"],
    ["that stumbled once", stumbled, auto, "delayed"],
    ["that stumbled three times", { ...stumbled, failures: 3 }, auto, "failed"],
    ["that is gone", gone, auto, "failed"],
    ["that failed and is tried again", { ...down, running: true }, auto, "failed"],
    ["of a dead connection", read, { ...auto, usable: false }, "failed"],
    ["that is not checked", { ...gone, selected: false }, { autoSync: true, usable: false }, "ok"],
    ["that recovered", { ...read, lastErrorKind: "not_found" } as CalendarEvidence, auto, "ok"],
  ])("of a calendar %s", (_, calendar, connection, expected) => {
    expect(calendarState(calendar, connection, NOW)).toBe(expected);
  });
});

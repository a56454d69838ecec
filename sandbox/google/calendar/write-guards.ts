import type { SandboxContext } from "../../core/context";
import type { OpenCalendar } from "./access";
import type { Desk } from "./desk";
import {
  conditionNotMet,
  forbidden,
  notOrganizer,
  quotaExceeded,
  requiresWriter,
  spuriousPrecondition,
} from "./errors";
import type { EventFields } from "./model";
import { findTarget } from "./mutations";
import type { World } from "./world";

// What a guest may change on a copy without asking the organizer.
const OWN_COPY_FIELDS = new Set(["attendees", "reminders", "colorId", "transparency", "visibility"]);

export function requireWriteAccess(open: OpenCalendar): void {
  if (!open.canWrite) throw requiresWriter();
}

/** `If-Match`: the etag of what the id names must be among those given. */
export function requireMatch(c: SandboxContext, desk: Desk, id: string): void {
  const condition = c.req.header("if-match");
  if (condition === undefined) {
    refuseSpuriously(desk.world);
    return;
  }
  const target = findTarget(desk.world, desk.calendar, id);
  const etag = target.kind === "row" ? target.event.etag : target.series.etag;
  const given = condition.split(",").map((one) => one.trim().replace(/^W\//, ""));
  if (!given.includes("*") && !given.includes(etag)) throw conditionNotMet();
}

function refuseSpuriously({ switches, google }: World): void {
  const left = switches.spuriousPreconditions();
  if (left <= 0) return;
  google.switches.set("google.calendar.spuriousPreconditions", left - 1);
  throw spuriousPrecondition();
}

/** Guests change their own copy only, unless the organizer lets them. */
export function requireOrganizer(desk: Desk, id: string, fields: EventFields): void {
  const target = findTarget(desk.world, desk.calendar, id);
  const row = target.kind === "row" ? target.event : target.series;
  if (row.organizer.email === desk.calendar.id || row.fields.guestsCanModify === true) return;
  const shared = Object.keys(fields).find(
    (name) => !OWN_COPY_FIELDS.has(name) && !isPrivateProperties(name, fields),
  );
  if (shared !== undefined) throw notOrganizer();
}

function isPrivateProperties(name: string, { extendedProperties }: EventFields): boolean {
  return name === "extendedProperties" && extendedProperties?.shared === undefined;
}

/** Reviving a deleted event works, unless the switch makes it fail as it does now and then. */
export function requireRevivable(desk: Desk, id: string, status: unknown): void {
  if (status !== "confirmed" || !desk.world.switches.reviveForbidden()) return;
  const target = findTarget(desk.world, desk.calendar, id);
  if (target.kind === "row" && target.event.status === "cancelled")
    throw forbidden("forbidden", "Forbidden", "global");
}

/** Counts the writes of each account over an hour; too many put it into read-only mode for hours. */
export function createWriteQuota(world: World): (account: string) => void {
  const writes = new Map<string, { since: number; count: number; blockedUntil: number }>();
  return (account) => {
    const now = world.google.clock.ms();
    const known = writes.get(account);
    const state =
      known !== undefined && now - known.since < 3_600_000
        ? known
        : { since: now, count: 0, blockedUntil: 0 };
    state.blockedUntil = Math.max(state.blockedUntil, known?.blockedUntil ?? 0);
    writes.set(account, state);
    if (now < state.blockedUntil) throw quotaExceeded();
    state.count += 1;
    if (state.count <= world.switches.writesPerHour()) return;
    state.blockedUntil = now + world.switches.quotaHours() * 3_600_000;
    throw quotaExceeded();
  };
}

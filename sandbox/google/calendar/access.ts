import { type Caller, Refusal } from "../../core/context";
import { authError, insufficientScope } from "../errors";
import type { CalendarState } from "./calendar-state";
import { notACalendarUser, notFound } from "./errors";
import type { AccessRole, CalendarAccount } from "./model";
import type { World } from "./world";

const SCOPE = "https://www.googleapis.com/auth/calendar";

const READ_EVENTS = [
  "",
  ".readonly",
  ".events",
  ".events.readonly",
  ".events.owned",
  ".events.owned.readonly",
];

/** Scopes each method accepts, per its reference page's "Authorization" section; `app.created` and public data aside. */
const METHOD_SCOPES = {
  "calendarList.read": ["", ".readonly", ".calendarlist", ".calendarlist.readonly"],
  "calendars.get": ["", ".readonly", ".calendars", ".calendars.readonly"],
  "settings.read": ["", ".readonly", ".settings.readonly"],
  "events.read": READ_EVENTS,
  "events.write": ["", ".events", ".events.owned"],
  "freebusy.query": ["", ".readonly", ".freebusy", ".events.freebusy"],
  "channels.stop": [...READ_EVENTS, ".calendarlist", ".calendarlist.readonly", ".settings.readonly"],
} as const;

export type ScopedMethod = keyof typeof METHOD_SCOPES;

/** The account behind a request, once token, scope and the Calendar service itself are in order. */
export function requireAccount(
  world: World,
  caller: Caller | undefined,
  method: ScopedMethod,
): { caller: Caller; account: CalendarAccount } {
  if (caller === undefined) throw new Refusal(authError());
  if (!METHOD_SCOPES[method].some((suffix) => caller.scopes.has(SCOPE + suffix))) {
    throw new Refusal(insufficientScope());
  }
  const account = world.accounts.get(caller.account);
  if (account === undefined) throw notACalendarUser();
  return { caller, account };
}

/** How much of an event a role may see. */
export type Visibility = "everything" | "no_private" | "free_busy";

export interface OpenCalendar {
  calendar: CalendarState;
  role: AccessRole;
  visibility: Visibility;
  canWrite: boolean;
}

/** A calendar as this account may use it; `primary` is the account's own. Refuses with 404 whoever has no role. */
export function openCalendar(
  world: World,
  account: CalendarAccount,
  idOrAlias: string,
  caller?: Caller,
): OpenCalendar {
  const id = idOrAlias === "primary" ? account.email : idOrAlias;
  const calendar = world.calendars.get(id);
  const role = calendar?.record.acl[account.email];
  if (calendar === undefined || calendar.record.deleted || role === undefined) throw notFound();
  if (caller !== undefined && role !== "owner" && !seesSharedCalendars(caller))
    throw new Refusal(insufficientScope());
  return { calendar, role, visibility: visibilityOf(role), canWrite: canWrite(role) };
}

// The `events.owned` scopes end at calendars the account owns.
function seesSharedCalendars(caller: Caller): boolean {
  return [...caller.scopes].some((scope) => scope.startsWith(SCOPE) && !scope.includes(".events.owned"));
}

export function visibilityOf(role: AccessRole): Visibility {
  if (role === "owner" || role === "writer") return "everything";
  return role === "freeBusyReader" ? "free_busy" : "no_private";
}

export function canWrite(role: AccessRole): boolean {
  return role === "owner" || role === "writer" || role === "writerWithoutPrivateAccess";
}

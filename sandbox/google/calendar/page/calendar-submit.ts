import {
  addCalendar,
  changeCalendar,
  deleteCalendar,
  invalidateTokens,
  share,
  unshare,
  writeEntry,
} from "../calendar-admin";
import type { CalendarState } from "../calendar-state";
import { deskOf } from "../simulation";
import { listOf, type World } from "../world";
import { isZone } from "../zones";
import type { Posted } from "./event-form";
import type { Place } from "./page-address";

export type CalendarDeed = "calendar_saved" | "calendar_deleted" | "shared" | "unshared" | "tokens_invalid";
export type CalendarFault = "no_name" | "no_zone" | "no_person";

export class CalendarFormError extends Error {
  readonly fault: CalendarFault;
  constructor(fault: CalendarFault) {
    super(fault);
    this.fault = fault;
  }
}

/** Does what the pressed button of the calendar form says. */
export function submitCalendar(world: World, place: Place, posted: Posted): CalendarDeed {
  if (posted.calendar === undefined || posted.calendar === "") return create(world, place, posted);
  const { calendar } = deskOf(world, { account: place.account, calendarId: posted.calendar });
  switch (posted.do) {
    case "delete":
      deleteCalendar(world, calendar);
      return "calendar_deleted";
    case "share":
      share(world, calendar, personIn(posted), posted.role ?? "reader");
      return "shared";
    case "invalidate":
      invalidateTokens(world, calendar, "now");
      return "tokens_invalid";
    case "invalidate_next_page":
      invalidateTokens(world, calendar, "next_page");
      return "tokens_invalid";
    default:
      if (posted.unshare === undefined) return save(world, calendar, posted);
      unshare(world, calendar, posted.unshare);
      return "unshared";
  }
}

/** Shows exactly the ticked calendars. */
export function submitShown(world: World, { account }: Place, shown: readonly string[]): void {
  for (const entry of [...listOf(world, account).values()]) {
    const selected = shown.includes(entry.calendarId);
    if (!entry.deleted && entry.selected !== selected) writeEntry(world, { ...entry, selected });
  }
}

function create(world: World, { account }: Place, posted: Posted): CalendarDeed {
  addCalendar(world, { owner: account, ...namedAndPlaced(posted) });
  return "calendar_saved";
}

function save(world: World, calendar: CalendarState, posted: Posted): CalendarDeed {
  const { summary, timeZone } = namedAndPlaced(posted);
  const { record } = calendar;
  const change = {
    ...(summary !== record.summary && { summary }),
    ...(timeZone !== record.timeZone && { timeZone }),
  };
  if (Object.keys(change).length > 0) changeCalendar(world, calendar, change);
  return "calendar_saved";
}

function namedAndPlaced({ name = "", timeZone = "" }: Posted): { summary: string; timeZone: string } {
  const summary = name.trim();
  if (summary === "") throw new CalendarFormError("no_name");
  if (!isZone(timeZone)) throw new CalendarFormError("no_zone");
  return { summary, timeZone };
}

function personIn({ with: email = "" }: Posted): string {
  if (!/^\S+@\S+$/.test(email)) throw new CalendarFormError("no_person");
  return email.toLowerCase();
}

import type { SandboxContext } from "../../../core/context";
import { renderPage } from "../../../core/html";
import type { Say } from "../../../core/language";
import { deskOf } from "../simulation";
import type { World } from "../world";
import { calendarSheet, wordsOfCalendarFault } from "./calendar-sheet";
import { CalendarFormError, submitCalendar, submitShown } from "./calendar-submit";
import type { Posted } from "./event-form";
import { type Place, placeOf, placeOfQuery, weekAddress } from "./page-address";
import { type Answer, LOOK, noLongerThere, type Problem, readPosted, refusalIn } from "./page-frame";

/** The settings of `?calendar=`, or the form of a new one. */
export function openCalendarSheet(c: SandboxContext, world: World): Answer {
  const place = placeOfQuery(world, c);
  return noLongerThere(c, place, () => calendarPage(c, world, place, { calendar: c.req.query("calendar") }));
}

export async function postCalendar(c: SandboxContext, world: World): Promise<Response> {
  const posted = await readPosted(c);
  const place = placeOf(world, posted);
  if (posted.do === "cancel") return c.redirect(weekAddress(place), 303);
  return noLongerThere(c, place, async () => {
    try {
      return c.redirect(weekAddress(place, { done: submitCalendar(world, place, posted) }), 303);
    } catch (error) {
      const problem =
        error instanceof CalendarFormError
          ? (say: Say) => wordsOfCalendarFault(error.fault, say)
          : await refusalIn(error);
      return calendarPage(c, world, place, posted, problem);
    }
  });
}

/** The ticks beside the calendars. */
export async function postShown(c: SandboxContext, world: World): Promise<Response> {
  const { account, week, shown } = await c.req.parseBody({ all: true });
  const place = placeOf(world, { account: String(account), week: String(week ?? "") });
  submitShown(world, place, [shown ?? []].flat().map(String));
  return c.redirect(weekAddress(place), 303);
}

function calendarPage(
  c: SandboxContext,
  world: World,
  place: Place,
  { calendar, name, timeZone }: Posted,
  problem?: Problem,
): Answer {
  const record = calendar
    ? deskOf(world, { account: place.account, calendarId: calendar }).calendar.record
    : undefined;
  return renderPage(c, {
    ...LOOK,
    layout: "card",
    title: (say) => say("Calendar", "Agenda"),
    body: (say) => calendarSheet({ place, record, typed: { name, timeZone }, problem: problem?.(say) }, say),
    status: problem === undefined ? 200 : 400,
  });
}

import type { SandboxContext } from "../../../core/context";
import { renderPage } from "../../../core/html";
import type { World } from "../world";
import { draftOf, type EventDraft, newDraft } from "./event-draft";
import { FormError } from "./event-form";
import { eventSheet, wordsOfFault } from "./event-sheet";
import { draftAsPosted, submitEvent } from "./event-submit";
import { type Place, placeOf, placeOfQuery, weekAddress } from "./page-address";
import { type Answer, LOOK, noLongerThere, type Problem, readPosted, refusalIn } from "./page-frame";
import { calendarsOnPage, splitEventKey } from "./week-events";

/** The form of `?event=`, or an empty one for `?start=&end=&allDay=`. */
export function openEventSheet(c: SandboxContext, world: World): Answer {
  const place = placeOfQuery(world, c);
  const { event, start, end, allDay } = c.req.query();
  return noLongerThere(c, place, () => {
    const draft = event
      ? draftOf(world, place, ...splitEventKey(event))
      : newDraft(world, place, { start, end, allDay });
    return eventPage(c, world, place, draft);
  });
}

export async function postEvent(c: SandboxContext, world: World): Promise<Response> {
  const posted = await readPosted(c);
  const place = placeOf(world, posted);
  if (posted.do === "cancel") return c.redirect(weekAddress(place), 303);
  return noLongerThere(c, place, async () => {
    try {
      const { done, key, day = place.week } = submitEvent(world, place, posted);
      const more = { done, ...(key !== undefined && { at: key }) };
      return c.redirect(weekAddress({ ...place, week: day }, more), 303);
    } catch (error) {
      const problem =
        error instanceof FormError
          ? (say: Parameters<Problem>[0]) => wordsOfFault(error.fault, say)
          : await refusalIn(error);
      return eventPage(c, world, place, draftAsPosted(world, place, posted), problem);
    }
  });
}

function eventPage(
  c: SandboxContext,
  world: World,
  place: Place,
  draft: EventDraft,
  problem?: Problem,
): Answer {
  const calendars = calendarsOnPage(world, place.account);
  return renderPage(c, {
    ...LOOK,
    layout: "card",
    title: (say) => say("Event", "Événement"),
    body: (say) => eventSheet({ draft, place, calendars, problem: problem?.(say) }, say),
    status: problem === undefined ? 200 : 400,
  });
}

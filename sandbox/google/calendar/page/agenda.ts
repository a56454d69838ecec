import { html } from "hono/html";
import type { Html } from "../../../core/html";
import { wallOfInstant } from "../zones";
import { DAY_MS, type Week } from "./week";
import type { ShownOnPage } from "./week-events";
import { hoursOf, nameOf, statesOf, type Wording } from "./wording";

/** The week as a list of days, for narrow screens. */
export function agenda(week: Week, events: readonly ShownOnPage[], wording: Wording, today: number): Html {
  const listed = new Set<ShownOnPage>();
  return html`<div class="agenda">${week.days.map((day) => {
    const here = events.filter((event) => !listed.has(event) && isOn(week, event, day)).sort(wholeDaysFirst);
    for (const event of here) listed.add(event);
    const rows = here.map((event) => row(week, event, wording));
    return html`<section><h2 ${day === today ? "data-today" : ""}>${wording.day(day)}${
      day === today ? html` <small>${wording.say("today", "aujourd’hui")}</small>` : ""
    }</h2>${rows.length === 0 ? html`<p class="detail">${wording.say("Nothing.", "Rien.")}</p>` : html`<ul>${rows}</ul>`}</section>`;
  })}</div>`;
}

// An event over several days is listed once, on the first one shown.
function isOn({ zone }: Week, { start, end, days }: ShownOnPage, day: number): boolean {
  if (days !== undefined) return days.first <= day && days.last >= day;
  const from = wallOfInstant(zone, start);
  return from < day + DAY_MS && (wallOfInstant(zone, end) > day || from === day);
}

function wholeDaysFirst(a: ShownOnPage, b: ShownOnPage): number {
  return Number(b.days !== undefined) - Number(a.days !== undefined) || a.start - b.start;
}

function row(week: Week, event: ShownOnPage, wording: Wording): Html {
  const states = statesOf(wording.say, event);
  const marks = html`${event.answer === "declined" ? "data-declined" : ""} ${states.length > 0 ? "data-light" : ""}`;
  return html`<li><span class="when">${hoursOf(wording, week.zone, event)}${states.map((state) => html`<br>${state}`)}</span>
<button class="event" name="event" value="${event.key}" aria-label="${nameOf(wording, week.zone, event)}" style="--color:${event.color}" ${marks}><span class="title">${event.title}</span></button></li>`;
}

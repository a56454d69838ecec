import { html } from "hono/html";
import type { Html } from "../../../core/html";
import type { Say } from "../../../core/language";
import { PAGE, type Place } from "./page-address";
import type { CalendarOnPage } from "./week-events";

/** The account's calendars: a tick shows one, a button opens its settings. */
export function sidebar(calendars: readonly CalendarOnPage[], { account, week }: Place, say: Say): Html {
  const place = html`<input type="hidden" name="account" value="${account}"><input type="hidden" name="week" value="${week}">`;
  return html`<aside aria-labelledby="calendars-title"><h2 id="calendars-title">${say("Calendars", "Agendas")}</h2>
<form method="post" action="${PAGE}/shown" data-at-once id="shown">${place}
<noscript><button class="quiet">${say("Show ticked calendars", "Afficher les agendas cochés")}</button></noscript></form>
<form method="get" action="${PAGE}/calendar" data-opens>${place}<ul class="calendars">${calendars.map(
    (calendar) => row(calendar, say),
  )}</ul></form>
<form method="get" action="${PAGE}/calendar" data-opens>${place}<button class="quiet">${say("New calendar", "Nouvel agenda")}</button></form></aside>`;
}

// The tick belongs to another form than the button beside it.
function row(calendar: CalendarOnPage, say: Say): Html {
  const { name } = calendar;
  return html`<li><label class="tick all"><input type="checkbox" form="shown" name="shown" value="${calendar.id}" ${calendar.selected === true ? "checked" : ""}>
<span class="dot" style="--color:${calendar.backgroundColor}" aria-hidden="true"></span><span>${name}</span></label>
<button name="calendar" value="${calendar.id}" class="quiet more" aria-label="${say(`Settings of ${name}`, `Réglages de ${name}`)}">⋯</button></li>`;
}

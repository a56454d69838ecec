import { html } from "hono/html";
import { choice } from "../../../core/form";
import type { Html } from "../../../core/html";
import type { Say } from "../../../core/language";
import type { CalendarRecord } from "../model";
import type { CalendarFault } from "./calendar-submit";
import { PAGE, type Place } from "./page-address";

const ROLES = ["freeBusyReader", "reader", "writer", "owner"] as const;

export interface CalendarSheet {
  place: Place;
  /** Absent for a new calendar. */
  record?: CalendarRecord;
  /** What was typed, when it was refused. */
  typed?: { name?: string; timeZone?: string };
  problem?: string;
}

/** The form of a calendar: a page of its own without scripts, the content of a dialog with them. */
export function calendarSheet({ place, record, typed, problem }: CalendarSheet, say: Say): Html {
  const heading = record === undefined ? say("New calendar", "Nouvel agenda") : record.summary;
  const mine = record === undefined || record.acl[place.account] === "owner";
  return html`<section class="sheet" data-sheet><h1 id="sheet-title">${heading}</h1>
${problem === undefined ? "" : html`<p role="alert" class="problem">${problem}</p>`}
<form method="post" action="${PAGE}/calendar">${hidden(place, record)}
${mine ? nameAndZone({ place, record, typed }, say) : html`<p>${record.timeZone}</p>`}
<div class="actions">${mine ? html`<button name="do" value="save">${say("Save", "Enregistrer")}</button>` : ""}
<button name="do" value="cancel" class="quiet" formnovalidate>${say("Close", "Fermer")}</button></div></form>
${record !== undefined && mine ? sharing(place, record, say) : ""}
${record === undefined ? "" : dangers(place, record, mine, say)}</section>`;
}

export function wordsOfCalendarFault(fault: CalendarFault, say: Say): string {
  switch (fault) {
    case "no_name":
      return say("Give the calendar a name.", "Donnez un nom à l’agenda.");
    case "no_zone":
      return say(
        "There is no such time zone. Write one like Europe/Paris.",
        "Ce fuseau horaire n’existe pas. Écrivez par exemple Europe/Paris.",
      );
    case "no_person":
      return say("Give the e-mail of somebody.", "Indiquez l’adresse e-mail d’une personne.");
  }
}

function hidden({ account, week }: Place, record: CalendarRecord | undefined): Html {
  return html`<input type="hidden" name="account" value="${account}"><input type="hidden" name="week" value="${week}">
<input type="hidden" name="calendar" value="${record?.id ?? ""}">`;
}

function nameAndZone({ place, record, typed }: CalendarSheet, say: Say): Html {
  const zone = typed?.timeZone ?? record?.timeZone ?? place.zone;
  return html`<label>${say("Name", "Nom")}<input name="name" value="${typed?.name ?? record?.summary ?? ""}" required autofocus autocomplete="off"></label>
<label>${say("Time zone", "Fuseau horaire")}<input name="timeZone" value="${zone}" list="zones" required autocomplete="off"></label>
<datalist id="zones">${Intl.supportedValuesOf("timeZone").map((name) => html`<option value="${name}"></option>`)}</datalist>`;
}

function sharing(place: Place, record: CalendarRecord, say: Say): Html {
  const others = Object.entries(record.acl).filter(([email]) => email !== record.owner);
  return html`<section><h2>${say("Shared with", "Partagé avec")}</h2>
${others.length === 0 ? html`<p>${say("Nobody.", "Personne.")}</p>` : ""}
<form method="post" action="${PAGE}/calendar">${hidden(place, record)}<ul class="people">${others.map(
    ([email, role]) => html`<li><span>${email} <small>${roleWords(role, say)}</small></span>
<button name="unshare" value="${email}" class="quiet" formnovalidate aria-label="${say(`Remove ${email}`, `Retirer ${email}`)}">${say("Remove", "Retirer")}</button></li>`,
  )}</ul></form>
<form method="post" action="${PAGE}/calendar" class="row">${hidden(place, record)}
<label>${say("Share with (e-mail)", "Partager avec (e-mail)")}<input name="with" type="email" required autocomplete="off"></label>
${choice(
  "role",
  say("Permission", "Droit"),
  ROLES.map((role) => [role, roleWords(role, say)] as const),
  "reader",
)}
<button name="do" value="share" class="quiet">${say("Share", "Partager")}</button></form></section>`;
}

function roleWords(role: string, say: Say): string {
  const words: Record<string, string> = {
    freeBusyReader: say("See only free or busy", "Voir seulement libre ou occupé"),
    reader: say("See all details", "Voir tous les détails"),
    writer: say("Change events", "Modifier les événements"),
    owner: say("Change and share", "Modifier et partager"),
  };
  return words[role] ?? role;
}

function dangers(place: Place, record: CalendarRecord, mine: boolean, say: Say): Html {
  const canDelete = mine && record.kind === "secondary";
  return html`<section><h2>${say("What goes wrong", "Ce qui va de travers")}</h2>
<form method="post" action="${PAGE}/calendar" class="row">${hidden(place, record)}
<button name="do" value="invalidate" class="quiet">${say("Invalidate sync tokens", "Invalider les jetons de synchronisation")}</button>
<button name="do" value="invalidate_next_page" class="quiet">${say("Invalidate them on the next page", "Les invalider à la page suivante")}</button>
${canDelete ? html`<button name="do" value="delete" class="quiet danger">${say("Delete calendar", "Supprimer l’agenda")}</button>` : ""}</form></section>`;
}

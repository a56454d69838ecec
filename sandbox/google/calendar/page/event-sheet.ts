import { html } from "hono/html";
import { choice, field } from "../../../core/form";
import type { Html } from "../../../core/html";
import type { Say } from "../../../core/language";
import type { EventDraft } from "./event-draft";
import type { FormFault } from "./event-form";
import { PAGE, type Place } from "./page-address";
import { type CalendarOnPage, eventKey } from "./week-events";

export interface EventSheet {
  draft: EventDraft;
  place: Place;
  calendars: readonly CalendarOnPage[];
  /** Why the form came back. */
  problem?: string;
}

/** The form of an event: a page of its own without scripts, the content of a dialog with them. */
export function eventSheet({ draft, place, calendars, problem }: EventSheet, say: Say): Html {
  const heading = draft.eventId === undefined ? say("New event", "Nouvel événement") : headingOf(draft, say);
  return html`<section class="sheet" data-sheet><h1 id="sheet-title">${heading}</h1>
${problem === undefined ? "" : html`<p role="alert" class="problem">${problem}</p>`}
<form method="post" action="${PAGE}/event">${hidden(draft, place)}
${draft.canWrite ? fields(draft, place, calendars, say) : readOnly(draft, say)}
<div class="actions">${draft.canWrite ? html`<button name="do" value="save">${say("Save", "Enregistrer")}</button>` : ""}
${draft.eventId === undefined || !draft.canWrite ? "" : moreDeeds(say)}
<button name="do" value="cancel" class="quiet" formnovalidate>${draft.canWrite ? say("Cancel", "Annuler") : say("Close", "Fermer")}</button></div></form></section>`;
}

export function wordsOfFault(fault: FormFault, say: Say): string {
  switch (fault) {
    case "not_a_time":
      return say(
        "Give a date and a time for start and end.",
        "Indiquez une date et une heure de début et de fin.",
      );
    case "ends_before_start":
      return say("The event ends before it starts.", "L’événement se termine avant de commencer.");
    case "series_moves_whole":
      return say(
        "Only a whole series can change its calendar: choose “All events”.",
        "Seule une série entière peut changer d’agenda : choisissez « Tous les événements ».",
      );
  }
}

function headingOf({ canWrite, title }: EventDraft, say: Say): string {
  if (canWrite) return say("Edit event", "Modifier l’événement");
  return title === "" ? say("Busy", "Occupé") : title;
}

function hidden({ calendarId, eventId }: EventDraft, { account, week }: Place): Html {
  const event = eventId === undefined ? "" : eventKey(calendarId, eventId);
  return html`<input type="hidden" name="account" value="${account}"><input type="hidden" name="week" value="${week}">
<input type="hidden" name="event" value="${event}">`;
}

function fields(draft: EventDraft, place: Place, calendars: readonly CalendarOnPage[], say: Say): Html {
  const isNew = draft.eventId === undefined;
  // The first button is what Enter presses.
  return html`<button name="do" value="save" hidden></button>${draft.answer === undefined ? "" : invitation(draft, say)}
<label>${say("Title", "Titre")}<input name="title" value="${draft.title}" autofocus autocomplete="off"></label>
${times(draft, place, say)}
<div class="pair">${choice("calendar", say("Calendar", "Agenda"), writable(calendars), draft.calendarId)}
${choice("repeat", say("Repeat", "Répétition"), repeats(draft, say), draft.repeat)}</div>
<div class="pair">${choice(
    "showAs",
    say("Show me as", "M’afficher comme"),
    [
      ["busy", say("Busy", "Occupé")],
      ["free", say("Free", "Disponible")],
    ],
    draft.free ? "free" : "busy",
  )}
${choice(
  "status",
  say("Status", "Statut"),
  [
    ["confirmed", say("Confirmed", "Confirmé")],
    ["tentative", say("Tentative", "Provisoire")],
  ],
  draft.tentative ? "tentative" : "confirmed",
)}
${choice(
  "visibility",
  say("Visibility", "Visibilité"),
  [
    ["default", say("Default", "Par défaut")],
    ["private", say("Private", "Privé")],
  ],
  draft.isPrivate ? "private" : "default",
)}</div>
${field("location", say("Place", "Lieu"), { value: draft.location })}
${field("guests", say("Guests (e-mails)", "Invités (e-mails)"), { value: draft.guests.join(", "), hint: "bob@example.test" })}
${isNew ? field("organizer", say("Invited by (makes it somebody else’s invitation)", "Invité par (en fait l’invitation d’une autre personne)"), { value: draft.organizer, hint: "paul@example.test" }) : ""}
${draft.occurrence ? scopes(say) : ""}`;
}

function times(
  { allDay, startDate, startTime, endDate, endTime }: EventDraft,
  { zone }: Place,
  say: Say,
): Html {
  return html`<fieldset class="times"><legend>${say("When", "Quand")} <small>${zone}</small></legend>
<label class="tick all"><input type="checkbox" name="allDay" ${allDay ? "checked" : ""}> <span>${say("All day", "Toute la journée")}</span></label>
<div class="pair"><label>${say("Start date", "Date de début")}<input type="date" name="startDate" value="${startDate}" required></label>
<label class="hour">${say("Start time", "Heure de début")}<input type="time" name="startTime" value="${startTime}"></label></div>
<div class="pair"><label>${say("End date", "Date de fin")}<input type="date" name="endDate" value="${endDate}" required></label>
<label class="hour">${say("End time", "Heure de fin")}<input type="time" name="endTime" value="${endTime}"></label></div></fieldset>`;
}

function writable(calendars: readonly CalendarOnPage[]): (readonly [string, string])[] {
  return calendars
    .filter(({ accessRole }) => accessRole === "owner" || accessRole.startsWith("writer"))
    .map(({ id, name }) => [id, name] as const);
}

function repeats({ repeat, recurrence }: EventDraft, say: Say): (readonly [string, string])[] {
  return [
    ["none", say("Does not repeat", "Ne se répète pas")],
    ["daily", say("Daily", "Tous les jours")],
    ["weekly", say("Weekly", "Toutes les semaines")],
    ["monthly", say("Monthly", "Tous les mois")],
    ...(repeat === "custom" ? [["custom", recurrence.join(" ").replaceAll("RRULE:", "")] as const] : []),
  ];
}

/** Which occurrences are meant; also the content of the question after a drag. */
export function scopes(say: Say): Html {
  const option = (value: string, words: string, checked = false) =>
    html`<label class="tick all"><input type="radio" name="scope" value="${value}" ${checked ? "checked" : ""}> <span>${words}</span></label>`;
  return html`<fieldset class="scopes"><legend>${say("Applies to", "S’applique à")}</legend>
${option("this", say("This event", "Cet événement"), true)}
${option("following", say("This and following events", "Cet événement et les suivants"))}
${option("all", say("All events", "Tous les événements"))}</fieldset>`;
}

function invitation({ organizer, answer = "" }: EventDraft, say: Say): Html {
  const words: Record<string, string> = {
    accepted: say("You accepted.", "Vous avez accepté."),
    declined: say("You declined.", "Vous avez refusé."),
    tentative: say("You said maybe.", "Vous avez répondu peut-être."),
    needsAction: say("You have not answered yet.", "Vous n’avez pas encore répondu."),
  };
  const button = (value: string, label: string) =>
    html`<button name="do" value="${value}" class="quiet" formnovalidate>${label}</button>`;
  return html`<div class="invitation" role="group" aria-label="${say("Invitation", "Invitation")}">
<p>${say("Invitation from", "Invitation de")} <strong>${organizer}</strong>. ${words[answer] ?? ""}</p>
<div class="row">${button("accepted", say("Accept", "Accepter"))}${button("tentative", say("Maybe", "Peut-être"))}${button("declined", say("Decline", "Refuser"))}</div></div>`;
}

function moreDeeds(say: Say): Html {
  return html`<button name="do" value="duplicate" class="quiet" formnovalidate>${say("Duplicate", "Dupliquer")}</button>
<button name="do" value="delete" class="quiet danger" formnovalidate>${say("Delete", "Supprimer")}</button>`;
}

function readOnly({ allDay, startDate, startTime, endDate, endTime, location }: EventDraft, say: Say): Html {
  const when = allDay ? [startDate, endDate] : [`${startDate} ${startTime}`, `${endDate} ${endTime}`];
  return html`<p>${[...new Set(when)].join(" – ")}</p>${location === "" ? "" : html`<p>${location}</p>`}
<p class="detail">${say("This calendar is shared with you to read.", "Cet agenda est partagé avec vous en lecture.")}</p>`;
}

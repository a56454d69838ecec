import { html } from "hono/html";
import type { SandboxContext } from "../../../core/context";
import { choice } from "../../../core/form";
import { type Html, renderPage } from "../../../core/html";
import type { Language, Say } from "../../../core/language";
import type { World } from "../world";
import { formatDay, wallOfInstant } from "../zones";
import { agenda } from "./agenda";
import { scopes } from "./event-sheet";
import { weekGrid } from "./grid";
import { layOut } from "./layout";
import { PAGE, type Place, placeOfQuery, weekAddress } from "./page-address";
import { LOOK } from "./page-frame";
import { sidebar } from "./sidebar";
import { versionOf } from "./version";
import { DAY_MS, dayOf, type Week, weekAround, weeksLater } from "./week";
import { calendarsOnPage, eventsOfWeek } from "./week-events";
import { type Wording, wordingIn } from "./wording";

/** The week of `?account=&week=`. */
export function weekPage(c: SandboxContext, world: World): Response | Promise<Response> {
  const place = placeOfQuery(world, c);
  const week = weekAround(place.zone, place.week, world.google.clock.ms());
  return renderPage(c, {
    ...LOOK,
    title: (say) => `${say("Calendar", "Agenda")} · ${wordingIn("en", say).week(week)}`,
    body: (say, language) =>
      body(c, world, { ...place, week: formatDay(week.days[0] ?? 0) }, week, say, language),
  });
}

function body(c: SandboxContext, world: World, place: Place, week: Week, say: Say, language: Language): Html {
  const wording = wordingIn(language, say);
  const now = world.google.clock.ms();
  const today = dayOf(place.zone, now);
  const minute = Math.floor((wallOfInstant(place.zone, now) % DAY_MS) / 60_000);
  const events = eventsOfWeek(world, place.account, week, say);
  const layout = layOut(week, events);
  const hidden = html`<input type="hidden" name="account" value="${place.account}"><input type="hidden" name="week" value="${place.week}">`;
  const message = messageOf(c.req.query("done"), say);
  const unreachable = say("The sandbox does not answer.", "Le bac à sable ne répond pas.");
  return html`<p role="status" id="message" data-unreachable="${unreachable}">${message}</p>
<div id="calendar" data-version="${versionOf(world, place.account)}" data-watch="${PAGE}/version?account=${encodeURIComponent(place.account)}">
${toolbar(world, place, week, wording)}
<div class="layout">${sidebar(calendarsOnPage(world, place.account), place, say)}
<form method="get" action="${PAGE}/event" data-opens class="week">${hidden}
${weekGrid({ week, layout, wording, today, minute, focus: c.req.query("at") })}${agenda(week, events, wording, today)}</form></div></div>
<dialog id="sheet" aria-labelledby="sheet-title"></dialog>
<dialog id="which" aria-labelledby="which-title"></dialog>
<template id="which-form"><form method="dialog"><h2 id="which-title">${say("Change a recurring event", "Modifier un événement récurrent")}</h2>
${scopes(say)}<div class="actions"><button value="ok">OK</button><button value="" class="quiet" formnovalidate>${say("Cancel", "Annuler")}</button></div></form></template>`;
}

function toolbar(world: World, place: Place, week: Week, wording: Wording): Html {
  const { say } = wording;
  const { account } = place;
  const accounts = [...world.accounts.values()].map(
    ({ email }) => [email, world.google.accounts.get(email)?.name ?? email] as const,
  );
  const link = (to: string, label: string, sign: string) =>
    html`<a class="button" href="${weekAddress({ account, week: to })}" aria-label="${label}" title="${label}">${sign}</a>`;
  return html`<div class="toolbar"><hgroup><h1>${wording.week(week)}</h1><p class="detail">${week.zone}</p></hgroup>
<nav class="steps" aria-label="${say("Weeks", "Semaines")}">${link(weeksLater(week, -1), say("Previous week", "Semaine précédente"), "‹")}
<a class="button" href="${weekAddress({ account, week: "" })}">${say("Today", "Aujourd’hui")}</a>
${link(weeksLater(week, 1), say("Next week", "Semaine suivante"), "›")}</nav>
<form method="get" action="${PAGE}" class="go">${choice("account", say("Account", "Compte"), accounts, account)}
<label>${say("Date", "Date")}<input type="date" name="week" value="${place.week}"></label><button class="quiet">${say("Show", "Afficher")}</button></form>
<form method="get" action="${PAGE}/event" data-opens><input type="hidden" name="account" value="${account}"><input type="hidden" name="week" value="${place.week}">
<button id="new-event">${say("New event", "Nouvel événement")}</button></form></div>`;
}

function messageOf(done: string | undefined, say: Say): string {
  const words: Record<string, string> = {
    created: say("Event created.", "Événement créé."),
    saved: say("Event saved.", "Événement enregistré."),
    moved: say("Event moved.", "Événement déplacé."),
    deleted: say("Event deleted.", "Événement supprimé."),
    duplicated: say("Event duplicated.", "Événement dupliqué."),
    answered: say("Answer sent.", "Réponse envoyée."),
    calendar_saved: say("Calendar saved.", "Agenda enregistré."),
    calendar_deleted: say("Calendar deleted.", "Agenda supprimé."),
    shared: say("Calendar shared.", "Agenda partagé."),
    unshared: say("Calendar no longer shared.", "Agenda plus partagé."),
    tokens_invalid: say("Sync tokens are invalid now.", "Les jetons de synchronisation sont invalides."),
  };
  return words[done ?? ""] ?? "";
}

import { readFileSync } from "node:fs";
import { html } from "hono/html";
import type { Core, Routes } from "./context";
import { addFaultPage } from "./fault-page";
import { LINKS, renderPage } from "./html";
import { addRequestPage } from "./request-page";

const TEXTS: Record<string, readonly [english: string, french: string]> = {
  "/sandbox/calendar": [
    "Act as a person in front of their calendar: add, move, decline, delete.",
    "Agir comme une personne devant son agenda : ajouter, déplacer, refuser, supprimer.",
  ],
  "/sandbox/inbox": [
    "The mails the app sent, with their invitations.",
    "Les courriers envoyés par l’application, avec leurs invitations.",
  ],
  "/sandbox/faults": [
    "Break things: expired tokens, refusals, slow answers, and the clock.",
    "Provoquer des pannes : jetons expirés, refus, lenteurs, et l’horloge.",
  ],
  "/sandbox/requests": ["Every request that came in.", "Toutes les requêtes reçues."],
  "/sandbox/accounts": [
    "Accounts, what they allowed, and their tokens.",
    "Les comptes, leurs autorisations et leurs jetons.",
  ],
};

/** Home, faults and requests. */
export function addPages(routes: Routes, core: Core): void {
  routes.asset(
    "/assets/sandbox.css",
    "text/css",
    readFileSync(new URL("sandbox.css", import.meta.url), "utf8"),
  );
  routes.control("GET", "/", (c) =>
    renderPage(c, {
      title: (say) => say("Sandbox", "Bac à sable"),
      body: (say) => html`<h1>${say("Sandbox", "Bac à sable")}</h1>
<p>${say(
        "This program answers in place of the real service. Nothing here reaches anyone outside this machine.",
        "Ce programme répond à la place du vrai service. Rien ne sort de cette machine.",
      )}</p>
<ul class="tiles">${LINKS.filter(({ href }) => href !== "/").map(
        ({ href, en, fr }) =>
          html`<li><a href="${href}"><strong>${say(en, fr)}</strong></a><p>${say(...(TEXTS[href] ?? ["", ""]))}</p></li>`,
      )}</ul>
<p>${say("Clock", "Horloge")}: <time datetime="${core.clock.now().toISOString()}">${core.clock.now().toISOString().slice(0, 16).replace("T", " ")} UTC</time></p>`,
    }),
  );
  addFaultPage(routes, core);
  addRequestPage(routes, core);
}

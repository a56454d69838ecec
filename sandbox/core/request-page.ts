import { html } from "hono/html";
import type { Core, Routes, SandboxContext } from "./context";
import { ledgerFilter } from "./control";
import { field } from "./form";
import { type Html, renderPage } from "./html";
import type { Say } from "./language";
import type { LedgerEntry } from "./ledger";

const PAGE = "/sandbox/requests";

/** What was asked of the sandbox, newest first. */
export function addRequestPage(routes: Routes, core: Core): void {
  routes.control("GET", PAGE, (c) => requestPage(c, core));
  routes.control("POST", `${PAGE}/clear`, (c) => {
    core.ledger.reset();
    return c.redirect(PAGE, 303);
  });
}

function requestPage(c: SandboxContext, { ledger }: Core): Response | Promise<Response> {
  const { operation = "", account = "", status = "" } = c.req.query();
  const entries = ledger.recent(ledgerFilter(c));
  return renderPage(c, {
    title: (say) => say("Requests", "Requêtes"),
    body: (say) => html`<h1>${say("Requests", "Requêtes")}</h1>
<form method="get" action="${PAGE}" class="row" role="search">
${field("operation", say("Operation", "Opération"), { value: operation, hint: "calendar.events.*" })}
${field("account", say("Account", "Compte"), { value: account })}
${field("status", say("Status", "Statut"), { value: status })}
<button>${say("Filter", "Filtrer")}</button></form>
<form method="post" action="${PAGE}/clear"><button class="quiet">${say("Forget all", "Tout oublier")}</button></form>
<p>${say("Requests in all", "Requêtes en tout")}: ${ledger.counts().total}</p>
${entries.length === 0 ? html`<p>${say("None.", "Aucune.")}</p>` : table(entries, say)}`,
  });
}

function table(entries: readonly LedgerEntry[], say: Say): Html {
  const heads = [
    say("At", "Quand"),
    say("Operation", "Opération"),
    say("Request", "Requête"),
    say("Account", "Compte"),
    say("Status", "Statut"),
    "ms",
  ];
  return html`<div class="table" tabindex="0" role="region" aria-label="${say("Requests", "Requêtes")}"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${entries.map(
    (
      entry,
    ) => html`<tr><td><time>${new Date(entry.at).toISOString().slice(11, 23)}</time></td><td>${entry.operation}</td>
<td class="path">${entry.method} ${entry.path}${entry.query}</td><td>${entry.account ?? ""}</td>
<td>${entry.status === 0 ? say("cut", "coupée") : entry.status}${entry.fault === undefined ? "" : html` <mark>${entry.fault}</mark>`}</td>
<td>${entry.durationMs.toFixed(1)}</td></tr>`,
  )}</tbody></table></div>`;
}

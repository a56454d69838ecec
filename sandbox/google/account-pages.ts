import { html } from "hono/html";
import type { Handler, Routes, SandboxContext } from "../core/context";
import { choice, readFields } from "../core/form";
import { type Html, renderPage } from "../core/html";
import type { Say } from "../core/language";
import type { Account } from "./accounts";
import { REFRESH_FAILURES, type RefreshFailure } from "./oauth/model";
import type { Google } from "./service";

const PAGE = "/sandbox/accounts";

/** Accounts with what they allowed: the place where a user withdraws access, and where tokens are made to fail. */
export function addAccountPages(routes: Routes, google: Google): void {
  const action = (path: string, act: (email: string, fields: Record<string, unknown>) => unknown) => {
    const handler: Handler = async (c) => {
      const fields = await readFields(c);
      act(String(fields.account), fields);
      return c.redirect(PAGE, 303);
    };
    routes.control("POST", `${PAGE}/${path}`, handler);
  };
  routes.control("GET", PAGE, (c) => accountsPage(c, google));
  action("add", (_, { email, name }) => {
    google.accounts.add({ email: String(email), ...(typeof name === "string" && { name }) });
  });
  action("remove", (email) => google.accounts.remove(email));
  action("expire", (email) => google.vault.expireAccess(email));
  action("revoke", (email, { clientId }) =>
    google.vault.revoke(email, typeof clientId === "string" ? clientId : undefined),
  );
  action("refresh-failure", (email, { kind }) =>
    google.oauth.refreshFailures.set(email, kind as RefreshFailure),
  );
}

function accountsPage(c: SandboxContext, google: Google): Response | Promise<Response> {
  return renderPage(c, {
    title: (say) => say("Accounts", "Comptes"),
    body: (say) => html`<h1>${say("Accounts", "Comptes")}</h1>
${google.accounts.list().map((account) => accountSection(google, account, say))}
<section aria-labelledby="add"><h2 id="add">${say("Add an account", "Ajouter un compte")}</h2>
<form method="post" action="${PAGE}/add" class="row"><label>${say("E-mail", "E-mail")}<input name="email" type="email" required></label>
<label>${say("Name", "Nom")}<input name="name"></label><button>${say("Add", "Ajouter")}</button></form></section>`,
  });
}

function accountSection(google: Google, account: Account, say: Say): Html {
  const failure = google.oauth.refreshFailures.get(account.email) ?? "none";
  const hidden = html`<input type="hidden" name="account" value="${account.email}">`;
  return html`<section><h2>${account.name}</h2><p>${account.email} · ${account.timeZone}${
    account.hasCalendar ? "" : ` · ${say("no Calendar", "sans Agenda")}`
  } · <code>${account.sub}</code></p>
${grants(google, account, say)}
<div class="row"><form method="post" action="${PAGE}/expire">${hidden}<button class="quiet">${say("Expire access tokens", "Faire expirer les jetons d’accès")}</button></form>
<form method="post" action="${PAGE}/refresh-failure" class="row">${hidden}${choice(
    "kind",
    say("Refreshes answer", "Les renouvellements répondent"),
    REFRESH_FAILURES.map((kind) => [kind, kind] as const),
    failure,
  )}<button class="quiet">${say("Set", "Régler")}</button></form>
<form method="post" action="${PAGE}/remove">${hidden}<button class="quiet danger">${say("Delete account", "Supprimer le compte")}</button></form></div></section>`;
}

function grants({ oauth }: Google, account: Account, say: Say): Html {
  const rows = [...oauth.grants.values()].filter((grant) => grant.account === account.email);
  if (rows.length === 0) return html`<p>${say("No app has access.", "Aucune application n’a d’accès.")}</p>`;
  return html`<ul>${rows.map(
    ({ clientId, scopes }) => html`<li><strong>${oauth.clients.get(clientId)?.name ?? clientId}</strong>
<p class="detail">${scopes.join(" · ")}</p><form method="post" action="${PAGE}/revoke"><input type="hidden" name="account" value="${account.email}">
<button name="clientId" value="${clientId}" class="quiet danger">${say("Remove access", "Retirer l’accès")}</button></form></li>`,
  )}</ul>`;
}

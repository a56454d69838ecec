import { html } from "hono/html";
import type { SandboxContext } from "../../core/context";
import { type Html, renderPage } from "../../core/html";
import type { Say } from "../../core/language";
import type { Account } from "../accounts";
import type { Google } from "../service";
import type { BadAuthorizationRequest } from "./authorization-request";
import { signedIn } from "./browser-session";
import { tickableScopes } from "./consent";
import type { Flow } from "./model";
import { describeScope } from "./scopes";

type Answer = Response | Promise<Response>;

// Google's sign-in pages cut the opener off; a popup's parent cannot watch them.
function page(c: SandboxContext, options: Omit<Parameters<typeof renderPage>[1], "navigation">): Answer {
  c.header("cross-origin-opener-policy", "same-origin");
  return renderPage(c, { ...options, navigation: false });
}

export function authorizationErrorPage(c: SandboxContext, problem: BadAuthorizationRequest): Answer {
  return page(c, {
    status: problem.status,
    title: (say) => say("Access blocked", "Accès bloqué"),
    body: (
      say,
    ) => html`<p class="brand">${say("Sign in with Google (sandbox)", "Se connecter avec Google (bac à sable)")}</p>
<h1>${say("Access blocked: authorization error", "Accès bloqué : erreur d’autorisation")}</h1>
<p>${say(
      "The app sent a request that Google refuses. Its developer has to mend it.",
      "L’application a envoyé une demande que Google refuse. Son développeur doit la corriger.",
    )}</p>
<p><strong>Error ${problem.status}: ${problem.error}</strong></p><p class="detail">${problem.description}</p>`,
  });
}

export function expiredPage(c: SandboxContext): Answer {
  return page(c, {
    status: 400,
    title: (say) => say("This page has expired", "Cette page a expiré"),
    body: (say) => html`<h1>${say("This page has expired", "Cette page a expiré")}</h1>
<p>${say("Go back to the app and start again.", "Revenez à l’application et recommencez.")}</p>`,
  });
}

export function accountChooserPage(c: SandboxContext, google: Google, flow: Flow): Answer {
  const present = signedIn(google, c);
  const client = google.oauth.clients.get(flow.clientId)?.name ?? flow.clientId;
  return page(c, {
    title: (say) => say("Choose an account", "Choisir un compte"),
    body: (
      say,
    ) => html`<p class="brand">${say("Sign in with Google (sandbox)", "Se connecter avec Google (bac à sable)")}</p>
<h1>${say("Choose an account", "Choisir un compte")}</h1>
<p>${say("to continue to", "pour continuer vers")} <strong>${client}</strong></p>
<form method="post" action="/signin/oauth/accountchooser"><input type="hidden" name="flow" value="${flow.id}">
<ul class="accounts">${google.accounts.list().map((account) => accountButton(account, present, say))}</ul></form>
<form method="post" action="/signin/oauth/accountchooser" class="another"><input type="hidden" name="flow" value="${flow.id}">
<label for="email">${say("Use another account", "Utiliser un autre compte")}</label>
<div class="row"><input id="email" name="email" type="email" required placeholder="name@example.test" value="${unknownHint(google, flow)}">
<button type="submit">${say("Next", "Suivant")}</button></div></form>`,
  });
}

function accountButton(account: Account, present: readonly string[], say: Say): Html {
  const state = present.includes(account.email) ? "" : say("Signed out", "Déconnecté");
  return html`<li><button type="submit" name="account" value="${account.email}" class="account">
<span class="avatar" aria-hidden="true">${account.name.charAt(0)}</span>
<span><strong>${account.name}</strong><br>${account.email}</span><small>${state}</small></button></li>`;
}

function unknownHint({ accounts }: Google, { loginHint }: Flow): string {
  return loginHint?.includes("@") && accounts.get(loginHint) === undefined ? loginHint : "";
}

export function consentPage(c: SandboxContext, google: Google, flow: Flow, account: Account): Answer {
  const client = google.oauth.clients.get(flow.clientId)?.name ?? flow.clientId;
  const scopes = tickableScopes(flow);
  return page(c, {
    script: "/assets/consent.js",
    title: (say) => say(`${client} wants access`, `${client} demande un accès`),
    body: (
      say,
    ) => html`<p class="brand">${say("Sign in with Google (sandbox)", "Se connecter avec Google (bac à sable)")}</p>
<h1>${heading(client, scopes.length > 0, say)}</h1>
<p><a class="chip" href="/signin/oauth/accountchooser?flow=${flow.id}" title="${say("Switch account", "Changer de compte")}">
<span class="avatar" aria-hidden="true">${account.name.charAt(0)}</span> ${account.email}</a></p>
<form method="post" action="/signin/oauth/consent"><input type="hidden" name="flow" value="${flow.id}">
<p>${say(
      `${client} will learn your name, e-mail address and profile picture.`,
      `${client} connaîtra votre nom, votre adresse e-mail et votre photo de profil.`,
    )}</p>
${scopes.length === 0 ? "" : scopeBoxes(client, scopes, say)}
<p class="detail">${say("You can withdraw this at any time.", "Vous pouvez retirer cet accès à tout moment.")}</p>
<div class="actions"><button type="submit" name="decision" value="deny" class="quiet">${say("Cancel", "Annuler")}</button>
<button type="submit" name="decision" value="allow">${say("Continue", "Continuer")}</button></div></form>`,
  });
}

function heading(client: string, wantsMore: boolean, say: Say): string {
  if (wantsMore)
    return say(
      `${client} wants access to your Google Account`,
      `${client} souhaite accéder à votre compte Google`,
    );
  return say(`Sign in to ${client}`, `Se connecter à ${client}`);
}

function scopeBoxes(client: string, scopes: readonly string[], say: Say): Html {
  return html`<fieldset><legend>${say(`Select what ${client} can access`, `Choisissez ce à quoi ${client} peut accéder`)}</legend>
<label class="tick all"><input type="checkbox" id="select-all"> <span>${say("Select all", "Tout sélectionner")}</span></label>
${scopes.map(
  (scope) => html`<label class="tick"><input type="checkbox" name="scope" value="${scope}">
<span>${describeScope(scope, say)}</span></label>`,
)}</fieldset>`;
}

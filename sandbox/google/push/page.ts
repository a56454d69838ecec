import { html } from "hono/html";
import type { Handler, Routes, SandboxContext } from "../../core/context";
import { readFields } from "../../core/form";
import { type Html, renderPage } from "../../core/html";
import type { JsonObject } from "../../core/json-body";
import type { Say } from "../../core/language";
import { channelView, deliverNow, expireChannel, sendStray } from "./control";
import type { Delivery, Outcome } from "./delivery-log";
import type { Channel } from "./model";
import type { Push } from "./push";

const PAGE = "/sandbox/channels";
const SHOWN = 100;

/** Who asked to be told of changes, and what went out. */
export function addChannelPage(routes: Routes, push: Push): void {
  const action = (path: string, act: (push: Push, body: JsonObject) => unknown) => {
    const handler: Handler = async (c) => {
      await act(push, await readFields(c));
      return c.redirect(PAGE, 303);
    };
    routes.control("POST", `${PAGE}/${path}`, handler);
  };
  routes.control("GET", PAGE, (c) => channelPage(c, push));
  action("expire", expireChannel);
  action("message", sendStray);
  action("deliver", deliverNow);
}

function channelPage(c: SandboxContext, push: Push): Response | Promise<Response> {
  const channels = push.channels.list().reverse().slice(0, SHOWN);
  return renderPage(c, {
    title: (say) => say("Channels", "Canaux"),
    body: (say) => html`<h1>${say("Push channels", "Canaux de notification")}</h1>
<p>${say(
      "Messages go to addresses on this machine only. How they get lost, late or doubled is set under ",
      "Les messages ne vont qu’à des adresses de cette machine. Pertes, retards et doublons se règlent sous ",
    )}<a href="/sandbox/faults#switches">${say("Faults", "Pannes")}</a>.</p>
${channels.length === 0 ? html`<p>${say("No channels.", "Aucun canal.")}</p>` : channelTable(push, channels, say)}
<section aria-labelledby="deliveries"><h2 id="deliveries">${say("Last deliveries", "Derniers envois")}</h2>
${waiting(push, say)}${deliveries(push.log.recent(SHOWN), say)}</section>`,
  });
}

function channelTable(push: Push, channels: readonly Channel[], say: Say): Html {
  const heads = [say("Channel", "Canal"), say("Resource", "Ressource"), say("State", "État")];
  return html`<div class="table" tabindex="0" role="region" aria-label="${say("Channels", "Canaux")}"><table><thead><tr>
${heads.map((head) => html`<th scope="col">${head}</th>`)}<td></td></tr></thead>
<tbody>${channels.map((channel) => channelRow(push, channel, say))}</tbody></table></div>`;
}

function channelRow(push: Push, channel: Channel, say: Say): Html {
  const { state, pending, number } = channelView(push, channel);
  const hidden = html`<input type="hidden" name="clientId" value="${channel.clientId}">`;
  const button = (path: string, text: string) =>
    html`<form method="post" action="${PAGE}/${path}">${hidden}<button name="channelId" value="${channel.id}" class="quiet">${text}</button></form>`;
  return html`<tr><th scope="row" class="path"><code>${channel.id}</code><p>${channel.address}</p></th>
<td class="path">${channel.calendarId ?? say("list of calendars", "liste des agendas")}<p class="detail">${channel.account}</p></td>
<td>${stateText(state, say)}<p class="detail">${say("until", "jusqu’au")} ${moment(channel.expiration)}<br>
${say("message", "message")} ${number}${pending > 0 ? html` · ${pending} ${say("waiting", "en attente")}` : ""}</p></td>
<td><div class="row">${state === "active" ? button("expire", say("Expire", "Faire expirer")) : ""}
${button("message", say("Send a stray message", "Envoyer un message égaré"))}</div></td></tr>`;
}

function stateText(state: string, say: Say): string {
  const texts: Record<string, string> = {
    active: say("active", "actif"),
    expired: say("expired", "expiré"),
    stopped: say("stopped", "arrêté"),
    revoked: say("cut off: access was withdrawn", "coupé : accès retiré"),
    gone: say("its calendar is gone", "son agenda n’existe plus"),
  };
  return texts[state] ?? state;
}

function waiting({ outbox }: Push, say: Say): Html {
  const count = outbox.pending();
  if (count === 0) return html``;
  return html`<form method="post" action="${PAGE}/deliver" class="row"><span>${say("Waiting:", "En attente :")} ${count}</span>
<button class="quiet">${say("Deliver now", "Envoyer maintenant")}</button></form>`;
}

function deliveries(entries: readonly Delivery[], say: Say): Html {
  if (entries.length === 0) return html`<p>${say("None.", "Aucun.")}</p>`;
  const heads = [
    say("At", "Quand"),
    say("Channel", "Canal"),
    say("Message", "Message"),
    say("Outcome", "Résultat"),
    say("Answer", "Réponse"),
  ];
  return html`<div class="table" tabindex="0" role="region" aria-labelledby="deliveries"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${entries.map(
    (
      one,
    ) => html`<tr><td>${moment(one.at)}</td><td class="path"><code>${one.channelId}</code><p class="detail">${one.account}</p></td>
<td>${one.state} ${one.number}${one.attempt > 1 ? html` <mark>${say("try", "essai")} ${one.attempt}</mark>` : ""}</td>
<td>${outcomeText(one.outcome, say)}</td><td>${one.answer}</td></tr>`,
  )}</tbody></table></div>`;
}

function outcomeText(outcome: Outcome, say: Say): string {
  const texts: Record<Outcome, string> = {
    accepted: say("accepted", "accepté"),
    retried: say("will be tried again", "sera réessayé"),
    given_up: say("given up", "abandonné"),
    refused: say("refused, not tried again", "refusé, sans nouvel essai"),
    blocked: say("not sent: not on this machine", "non envoyé : hors de cette machine"),
    lost: say("lost on purpose", "perdu exprès"),
    expired: say("not sent: the channel expired", "non envoyé : canal expiré"),
    overflow: say("not sent: too many waiting", "non envoyé : trop de messages en attente"),
    coalesced: say("covered by another", "couvert par un autre"),
  };
  return texts[outcome];
}

function moment(at: number): Html {
  const text = new Date(at).toISOString();
  return html`<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 19)}</time>`;
}

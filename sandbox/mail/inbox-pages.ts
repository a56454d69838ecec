import { html } from "hono/html";
import type { Routes, SandboxContext } from "../core/context";
import { type Html, renderPage } from "../core/html";
import { refusal } from "../core/json-body";
import type { Say } from "../core/language";
import type { Mailbox, StoredMail } from "./mailbox";
import { type ReadMail, readMail } from "./read-mail";

const PAGE = "/sandbox/inbox";

/** What a stranger wrote is shown without scripts, forms and remote content; its links open in a tab of their own. */
const FRAME = "allow-popups allow-popups-to-escape-sandbox";
const MAIL_POLICY = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox ${FRAME}; frame-ancestors 'self'`;

/** Everybody's mail, as its readers would see it. */
export function addInboxPages(routes: Routes, mailbox: Mailbox): void {
  routes.control("GET", PAGE, (c) => listPage(c, mailbox));
  routes.control("POST", `${PAGE}/clear`, (c) => {
    mailbox.clear();
    return c.redirect(PAGE, 303);
  });
  routes.control("GET", `${PAGE}/:id`, async (c) => mailPage(c, await readMail(find(mailbox, c))));
  routes.control("GET", `${PAGE}/:id/html`, async (c) => {
    const { html: body } = await readMail(find(mailbox, c));
    return new Response(withOwnTabs(body), {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": MAIL_POLICY,
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      },
    });
  });
  routes.control("GET", `${PAGE}/:id/raw`, (c) => download(find(mailbox, c).raw, "mail.eml"));
  routes.control("GET", `${PAGE}/:id/attachments/:index`, async (c) => {
    const { attachments } = await readMail(find(mailbox, c));
    const part = attachments[Number(c.req.param("index"))];
    if (part === undefined) throw refusal("There is no such attachment", 404);
    return download(Buffer.from(part.content, "utf8").toString("latin1"), part.filename);
  });
}

/** Links leave the frame; the base stands in the head, so that the mail keeps its own document type. */
function withOwnTabs(body: string): string {
  const base = '<base target="_blank">';
  return /<head\b[^>]*>/i.test(body) ? body.replace(/<head\b[^>]*>/i, (head) => head + base) : base + body;
}

function find(mailbox: Mailbox, c: SandboxContext): StoredMail {
  const mail = mailbox.get(c.req.param("id") ?? "");
  if (mail === undefined) throw refusal("There is no such mail", 404);
  return mail;
}

function download(latin1: string, filename: string): Response {
  return new Response(Buffer.from(latin1, "latin1"), {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${filename.replace(/[^\w.-]/g, "_")}"`,
      "x-content-type-options": "nosniff",
    },
  });
}

async function listPage(c: SandboxContext, mailbox: Mailbox): Promise<Response> {
  const mails = await Promise.all(mailbox.list().map(readMail));
  return renderPage(c, {
    title: (say) => say("Inbox", "Courrier"),
    body: (say) => html`<h1>${say("Inbox", "Courrier")}</h1>
<p>${say(
      "Every mail the app sent, whoever it is for. None of them left this machine.",
      "Tous les courriers envoyés par l’application, quel qu’en soit le destinataire. Aucun n’a quitté cette machine.",
    )}</p>
${mails.length === 0 ? html`<p>${say("None yet.", "Aucun pour l’instant.")}</p>` : table(mails, say)}`,
  });
}

function table(mails: readonly ReadMail[], say: Say): Html {
  const heads = [say("At", "Quand"), say("To", "À"), say("Subject", "Objet")];
  return html`<form method="post" action="${PAGE}/clear"><button class="quiet">${say("Delete all", "Tout supprimer")}</button></form>
<div class="table" tabindex="0" role="region" aria-label="${say("Mails", "Courriers")}"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${mails.map(
    (mail) => html`<tr><td>${when(mail)}</td><td>${mail.envelope.to.join(", ")}</td>
<td><a href="${PAGE}/${mail.id}">${mail.subject || say("(no subject)", "(sans objet)")}</a></td></tr>`,
  )}</tbody></table></div>`;
}

function when({ receivedAt }: ReadMail): Html {
  return html`<time datetime="${receivedAt}">${receivedAt.slice(0, 19).replace("T", " ")} UTC</time>`;
}

function mailPage(c: SandboxContext, mail: ReadMail): Response | Promise<Response> {
  return renderPage(c, {
    title: () => mail.subject,
    frames: true,
    body: (say) => html`<p><a href="${PAGE}">${say("Inbox", "Courrier")}</a></p><h1>${mail.subject}</h1>
<p class="detail">${say("From", "De")} ${mail.from} · ${say("to", "à")} ${mail.to.join(", ")} · ${when(mail)}</p>
<iframe class="mail" sandbox="${FRAME}" title="${say("The mail as its reader sees it", "Le courrier tel que son lecteur le voit")}" src="${PAGE}/${mail.id}/html"></iframe>
${attachments(mail, say)}
<section aria-labelledby="text"><h2 id="text">${say("Plain text", "Texte brut")}</h2><pre tabindex="0">${mail.text}</pre></section>
<section aria-labelledby="headers"><h2 id="headers">${say("Headers", "En-têtes")}</h2>
<pre tabindex="0">${mail.headers.map(({ name, value }) => `${name}: ${value}\n`)}</pre>
<p><a href="${PAGE}/${mail.id}/raw" download>${say("Download the whole mail", "Télécharger le courrier entier")}</a></p></section>`,
  });
}

function attachments(mail: ReadMail, say: Say): Html | string {
  if (mail.attachments.length === 0) return "";
  return html`<section aria-labelledby="files"><h2 id="files">${say("Attachments", "Pièces jointes")}</h2><ul>${mail.attachments.map(
    ({ filename, contentType, method }, index) =>
      html`<li><a href="${PAGE}/${mail.id}/attachments/${index}" download>${filename}</a> <span class="detail">${contentType}${
        method === null ? "" : `, ${method}`
      }</span></li>`,
  )}</ul></section>`;
}

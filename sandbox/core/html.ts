import { html } from "hono/html";
import type { SandboxContext } from "./context";
import { type Language, languageOf, rememberLanguage, type Say, sayIn } from "./language";

export type Html = ReturnType<typeof html>;

export interface Page {
  title: (say: Say) => string;
  body: (say: Say, language: Language) => Html;
  /** The navigation of the sandbox's own pages; a vendor's look-alike pages leave it out. */
  navigation?: boolean;
  /** Default: `wide`, without navigation `card`. */
  layout?: "card" | "wide" | "full";
  /** An ES module. */
  script?: string;
  /** Beside the one all pages have. */
  stylesheet?: string;
  /** Allows `style` attributes, for pages that place things by number. */
  styleAttributes?: boolean;
  /** Shows other pages of the sandbox in frames. */
  frames?: boolean;
  status?: 200 | 400 | 401 | 403 | 404;
}

// No `form-action`: Chromium would apply it to the redirect that ends a consent, too.
const CONTENT_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

const PAGE_HEADERS = {
  "cache-control": "no-store",
  // With `no-referrer` browsers post forms with `Origin: null`, and the control pages refuse strangers.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

export const LINKS: readonly { href: string; en: string; fr: string }[] = [
  { href: "/", en: "Home", fr: "Accueil" },
  { href: "/sandbox/calendar", en: "Calendar", fr: "Agenda" },
  { href: "/sandbox/inbox", en: "Inbox", fr: "Courrier" },
  { href: "/sandbox/accounts", en: "Accounts", fr: "Comptes" },
  { href: "/sandbox/faults", en: "Faults", fr: "Pannes" },
  { href: "/sandbox/requests", en: "Requests", fr: "Requêtes" },
];

export function renderPage(c: SandboxContext, page: Page): Response | Promise<Response> {
  const language = languageOf(c);
  const say = sayIn(language);
  rememberLanguage(c);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value);
  const styles = page.styleAttributes === true ? "; style-src-attr 'unsafe-inline'" : "";
  const frames = page.frames === true ? "; frame-src 'self'" : "";
  c.header("content-security-policy", `${CONTENT_POLICY}${styles}${frames}`);
  const script = page.script === undefined ? "" : html`<script type="module" src="${page.script}"></script>`;
  const style = page.stylesheet === undefined ? "" : html`<link rel="stylesheet" href="${page.stylesheet}">`;
  return c.html(
    html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title(say)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/sandbox.css">
${style}${script}
</head>
<body>
${page.navigation === false ? "" : navigation(c, say)}
<main id="content" class="${page.layout ?? (page.navigation === false ? "card" : "wide")}">${page.body(say, language)}</main>
${languageSwitch(c, language)}
</body>
</html>`,
    page.status ?? 200,
  );
}

function navigation(c: SandboxContext, say: Say): Html {
  return html`<header><a class="skip" href="#content">${say("Skip to content", "Aller au contenu")}</a>
<nav aria-label="${say("Sandbox", "Bac à sable")}">${LINKS.map(
    ({ href, en, fr }) =>
      html`<a href="${href}" ${c.req.path === href ? html`aria-current="page"` : ""}>${say(en, fr)}</a>`,
  )}</nav></header>`;
}

function languageSwitch(c: SandboxContext, language: Language): Html {
  const other = language === "fr" ? "en" : "fr";
  const url = new URL(c.req.url);
  url.searchParams.set("hl", other);
  const name = other === "fr" ? "Français" : "English";
  return html`<footer><a lang="${other}" hreflang="${other}" href="${url.pathname}${url.search}">${name}</a></footer>`;
}

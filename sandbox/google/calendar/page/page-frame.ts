import { html } from "hono/html";
import { Refusal, type SandboxContext } from "../../../core/context";
import { renderPage } from "../../../core/html";
import type { Say } from "../../../core/language";
import type { Posted } from "./event-form";
import { type Place, weekAddress } from "./page-address";

export type Answer = Response | Promise<Response>;

/** Why a form came back, in the reader's language. */
export type Problem = (say: Say) => string;

/** The look of the calendar's pages: they have a style sheet and scripts of their own, and place events by attribute. */
export const LOOK = {
  layout: "full",
  stylesheet: "/assets/calendar/calendar.css",
  script: "/assets/calendar/calendar.js",
  styleAttributes: true,
} as const;

export async function readPosted(c: SandboxContext): Promise<Posted> {
  const fields = Object.entries(await c.req.parseBody());
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}

/** The vendor's own words of a refusal; everything else, and what is not there, is thrown on. */
export async function refusalIn(error: unknown): Promise<Problem> {
  if (!(error instanceof Refusal) || isGone(error)) throw error;
  const { error: body } = (await error.response.clone().json()) as { error: { message: string } };
  return () => body.message;
}

/** A page instead of JSON when the event or calendar was deleted meanwhile. */
export async function noLongerThere(c: SandboxContext, place: Place, show: () => Answer): Promise<Response> {
  try {
    return await show();
  } catch (error) {
    if (!(error instanceof Refusal) || !isGone(error)) throw error;
    return renderPage(c, {
      ...LOOK,
      layout: "card",
      status: 404,
      title: (say) => say("No longer there", "N’existe plus"),
      body: (
        say,
      ) => html`<section class="sheet" data-sheet><h1 id="sheet-title">${say("No longer there", "N’existe plus")}</h1>
<p role="alert">${say("It was deleted meanwhile.", "Cet élément a été supprimé entre-temps.")}</p>
<form method="get" action="${weekAddress(place)}"><div class="actions"><input type="hidden" name="account" value="${place.account}">
<input type="hidden" name="week" value="${place.week}"><button value="cancel">${say("Close", "Fermer")}</button></div></form></section>`,
    });
  }
}

function isGone({ response }: Refusal): boolean {
  return response.status === 404 || response.status === 410;
}

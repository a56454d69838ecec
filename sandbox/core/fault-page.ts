import { html } from "hono/html";
import type { Core, Handler, Routes, SandboxContext } from "./context";
import { moveClock, readFault } from "./control";
import { FAULT_KINDS } from "./faults";
import { choice, field, readFields } from "./form";
import { type Html, renderPage } from "./html";
import type { Say } from "./language";
import type { SwitchInfo } from "./switches";

const PAGE = "/sandbox/faults";

/** The panel to break things by hand. */
export function addFaultPage(routes: Routes, core: Core): void {
  const thenBack = (act: (c: SandboxContext) => unknown): Handler => {
    return async (c) => {
      await act(c);
      return c.redirect(PAGE, 303);
    };
  };
  routes.control("GET", PAGE, (c) => faultPage(c, core));
  routes.control(
    "POST",
    `${PAGE}/arm`,
    thenBack(async (c) => {
      core.faults.arm(readFault(await readFields(c, ["onCall", "count", "delayMs"])));
    }),
  );
  routes.control(
    "POST",
    `${PAGE}/disarm`,
    thenBack(async (c) => {
      const { id } = await readFields(c);
      core.faults.disarm(typeof id === "string" ? id : undefined);
    }),
  );
  routes.control(
    "POST",
    `${PAGE}/clock`,
    thenBack(async (c) => {
      const { reset, ...fields } = await readFields(c, ["advanceMs"]);
      moveClock(core.clock, reset === undefined ? fields : { reset: true });
    }),
  );
  routes.control(
    "POST",
    `${PAGE}/switch`,
    thenBack(async (c) => {
      const form = await c.req.parseBody();
      if (form.reset !== undefined) core.switches.reset();
      else core.switches.set(String(form.name), String(form.value ?? "false"));
    }),
  );
}

function faultPage(c: SandboxContext, core: Core): Response | Promise<Response> {
  return renderPage(c, {
    title: (say) => say("Faults", "Pannes"),
    body: (say) => html`<h1>${say("Faults", "Pannes")}</h1>
<section aria-labelledby="clock"><h2 id="clock">${say("Clock", "Horloge")}</h2>${clockForms(core, say)}</section>
<section aria-labelledby="armed"><h2 id="armed">${say("Armed faults", "Pannes armées")}</h2>${armedFaults(core, say)}${armForm(say)}</section>
<section aria-labelledby="switches"><h2 id="switches">${say("Switches", "Réglages")}</h2>
<form method="post" action="${PAGE}/switch"><button name="reset" value="1" class="quiet">${say("All to default", "Tout par défaut")}</button></form>
<div class="table"><table><thead><tr><th scope="col">${say("Switch", "Réglage")}</th><th scope="col">${say("Value", "Valeur")}</th></tr></thead>
<tbody>${core.switches.list().map((info) => switchRow(info, say))}</tbody></table></div></section>`,
  });
}

const STEPS: readonly (readonly [milliseconds: number, english: string, french: string])[] = [
  [300_000, "+5 minutes", "+5 minutes"],
  [3_600_000, "+1 hour", "+1 heure"],
  [86_400_000, "+1 day", "+1 jour"],
  [604_800_000, "+7 days", "+7 jours"],
];

function clockForms({ clock }: Core, say: Say): Html {
  return html`<p><time datetime="${clock.now().toISOString()}">${clock.now().toISOString()}</time></p>
<form method="post" action="${PAGE}/clock" class="row">${STEPS.map(
    ([step, en, fr]) => html`<button name="advanceMs" value="${step}" class="quiet">${say(en, fr)}</button>`,
  )}<button name="reset" value="1" class="quiet">${say("Machine time", "Heure de la machine")}</button></form>
<form method="post" action="${PAGE}/clock" class="row">${field("set", say("Set to", "Régler sur"), {
    hint: "2026-12-01T09:00:00Z",
  })}<button>${say("Set", "Régler")}</button></form>`;
}

function armedFaults({ faults }: Core, say: Say): Html {
  const armed = faults.list();
  if (armed.length === 0) return html`<p>${say("None: everything works.", "Aucune : tout fonctionne.")}</p>`;
  return html`<div class="table"><table><thead><tr><th scope="col">${say("Operation", "Opération")}</th>
<th scope="col">${say("Fault", "Panne")}</th><th scope="col">${say("Account", "Compte")}</th><th scope="col">${say("Struck", "Frappes")}</th><td></td></tr></thead>
<tbody>${armed.map(
    (
      fault,
    ) => html`<tr><td>${fault.operation}</td><td>${FAULT_KINDS[fault.kind]}</td><td>${fault.account ?? "*"}</td>
<td>${fault.struck} / ${fault.count ?? 1}</td><td><form method="post" action="${PAGE}/disarm">
<button name="id" value="${fault.id}" class="quiet">${say("Clear", "Retirer")}</button></form></td></tr>`,
  )}</tbody></table></div>
<form method="post" action="${PAGE}/disarm"><button class="quiet">${say("Clear all", "Tout retirer")}</button></form>`;
}

function armForm(say: Say): Html {
  return html`<form method="post" action="${PAGE}/arm" class="fields">
${field("operation", say("Operation", "Opération"), { value: "calendar.*", hint: "calendar.events.list, oauth.token.refresh, *" })}
${choice("kind", say("Fault", "Panne"), Object.entries(FAULT_KINDS))}
${field("account", say("Only for this account", "Seulement pour ce compte"), { hint: "alice@example.test" })}
${field("onCall", say("From which call on", "À partir de quel appel"), { type: "number", value: "1" })}
${field("count", say("How many times (0: until cleared)", "Combien de fois (0 : jusqu’au retrait)"), { type: "number", value: "1" })}
${field("retryAfter", "Retry-After", { hint: "30, date:60" })}
${field("delayMs", say("Delay in ms (for slow)", "Délai en ms (pour slow)"), { type: "number" })}
<button>${say("Arm", "Armer")}</button></form>`;
}

function switchRow(info: SwitchInfo, say: Say): Html {
  const { name, value, default: initial, choices } = info;
  const description = say(info.description, info.descriptionFr ?? info.description);
  const label = html`<th scope="row"><code>${name}</code>${value === initial ? "" : html` <mark>${say("changed", "modifié")}</mark>`}<p>${description}</p></th>`;
  const options = choices ?? (typeof initial === "boolean" ? ["true", "false"] : undefined);
  const input =
    options === undefined
      ? html`<input name="value" aria-label="${name}" value="${value}">`
      : html`<select name="value" aria-label="${name}">${options.map(
          (option) => html`<option ${option === String(value) ? "selected" : ""}>${option}</option>`,
        )}</select>`;
  return html`<tr>${label}<td><form method="post" action="${PAGE}/switch" class="row"><input type="hidden" name="name" value="${name}">
${input}<button class="quiet">${say("Set", "Régler")}</button></form></td></tr>`;
}

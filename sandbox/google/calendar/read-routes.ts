import type { Handler, Routes, SandboxContext } from "../../core/context";
import { openCalendar, requireAccount } from "./access";
import { entryResource, listCalendars } from "./calendar-list";
import { calendarResource } from "./calendar-resource";
import { badRequest, notFound } from "./errors";
import { getEvent, listInstances } from "./event-get";
import { applyMask } from "./field-mask";
import { type FreeBusyRequest, freeBusy } from "./free-busy";
import { listEvents } from "./list-events";
import { readMask } from "./list-parameters";
import { listOf, type World } from "./world";

const BASE = "/calendar/v3";

/** The reading half of Calendar v3. */
export function addReadRoutes(routes: Routes, world: World): void {
  routes.add("calendar.calendarList.list", "GET", `${BASE}/users/me/calendarList`, (c) => {
    const { account } = requireAccount(world, c.var.caller, "calendarList.read");
    return masked(c, listCalendars(world, account, queryOf(c)));
  });
  routes.add("calendar.calendarList.get", "GET", `${BASE}/users/me/calendarList/:calendarId`, (c) => {
    const { account } = requireAccount(world, c.var.caller, "calendarList.read");
    const id = parameter(c, "calendarId");
    const entry = listOf(world, account.email).get(id === "primary" ? account.email : id);
    if (entry === undefined || entry.deleted) throw notFound();
    return masked(c, entryResource(world, entry));
  });
  routes.add("calendar.settings.get", "GET", `${BASE}/users/me/settings/:setting`, (c) => {
    const { account } = requireAccount(world, c.var.caller, "settings.read");
    const settings: Record<string, string> = { timezone: account.timeZone, locale: "en", weekStart: "1" };
    const id = parameter(c, "setting");
    if (settings[id] === undefined) throw notFound();
    return masked(c, { kind: "calendar#setting", etag: '"0"', id, value: settings[id] });
  });
  routes.add("calendar.calendars.get", "GET", `${BASE}/calendars/:calendarId`, (c) => {
    const { account } = requireAccount(world, c.var.caller, "calendars.get");
    const { calendar } = openCalendar(world, account, parameter(c, "calendarId"));
    return masked(c, calendarResource(calendar.record));
  });
  addEventRoutes(routes, world);
  routes.add("calendar.freebusy.query", "POST", `${BASE}/freeBusy`, async (c) => {
    const { account } = requireAccount(world, c.var.caller, "freebusy.query");
    return masked(c, freeBusy(world, account, (await jsonBody(c)) as FreeBusyRequest));
  });
}

function addEventRoutes(routes: Routes, world: World): void {
  const inCalendar =
    (
      answer: (c: SandboxContext, account: string, open: ReturnType<typeof openCalendar>) => Response,
    ): Handler =>
    (c) => {
      const { caller, account } = requireAccount(world, c.var.caller, "events.read");
      return answer(c, account.email, openCalendar(world, account, parameter(c, "calendarId"), caller));
    };
  routes.add(
    "calendar.events.list",
    "GET",
    `${BASE}/calendars/:calendarId/events`,
    inCalendar((c, account, open) => json(listEvents(world, account, open, queryOf(c)))),
  );
  routes.add(
    "calendar.events.get",
    "GET",
    `${BASE}/calendars/:calendarId/events/:eventId`,
    inCalendar((c, _, open) => masked(c, getEvent(world, open, parameter(c, "eventId"), queryOf(c)))),
  );
  routes.add(
    "calendar.events.instances",
    "GET",
    `${BASE}/calendars/:calendarId/events/:eventId/instances`,
    inCalendar((c, _, open) => masked(c, listInstances(world, open, parameter(c, "eventId"), queryOf(c)))),
  );
}

export function queryOf(c: SandboxContext): URLSearchParams {
  const at = c.req.url.indexOf("?");
  return new URLSearchParams(at === -1 ? "" : c.req.url.slice(at + 1));
}

export function parameter(c: SandboxContext, name: string): string {
  return c.req.param(name) ?? "";
}

/** The body as a JSON object. */
export async function jsonBody(c: SandboxContext): Promise<Record<string, unknown>> {
  const text = await c.req.text();
  try {
    const value: unknown = text === "" ? {} : JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest("Parse Error", undefined, "parseError");
}

export function masked(c: SandboxContext, value: Record<string, unknown>): Response {
  const { mask } = readMask(queryOf(c));
  return json(JSON.stringify(applyMask(value, mask)));
}

function json(text: string): Response {
  return new Response(text, { headers: { "content-type": "application/json; charset=UTF-8" } });
}

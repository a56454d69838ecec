import { type Handler, Refusal, type Routes, type SandboxContext } from "../../core/context";
import { type BulkOrder, createMany } from "./bulk";
import {
  addCalendar,
  changeCalendar,
  deleteCalendar,
  invalidateTokens,
  share,
  unshare,
  writeEntry,
} from "./calendar-admin";
import { calendarResource } from "./calendar-resource";
import { badRequest, notFound } from "./errors";
import { duplicateEvent, moveEvent } from "./event-actions";
import { detailView } from "./event-get";
import { itemOf } from "./items";
import type { ResponseStatus, StoredEvent } from "./model";
import { calendarsOf, eventsInRange } from "./range-view";
import { jsonBody } from "./read-routes";
import { eventResource } from "./render-event";
import {
  deskOf,
  type Place,
  type Scope,
  simulateCreate,
  simulateDelete,
  simulateEdit,
  simulateRespond,
} from "./simulation";
import { listOf, type World } from "./world";

const BASE = "/sandbox/api/calendar";

type Body = Record<string, unknown>;
type Action = (world: World, body: Body) => unknown;

/** What a person would do at calendar.google.com, as POSTs of JSON; see `sandbox/README.md`. */
export function addSimulationRoutes(routes: Routes, world: World): void {
  for (const [path, action] of Object.entries({ ...EVENT_ACTIONS, ...CALENDAR_ACTIONS })) {
    routes.control(
      "POST",
      `${BASE}/${path}`,
      answering(async (c) => action(world, await jsonBody(c))),
    );
  }
  routes.control(
    "GET",
    `${BASE}/calendars`,
    answering((c) => ({ calendars: calendarsOf(world, c.req.query("account") ?? "") })),
  );
  routes.control(
    "GET",
    `${BASE}/events`,
    answering((c) => ({
      events: eventsInRange(
        world,
        c.req.query("account") ?? "",
        instant(c.req.query("from")),
        instant(c.req.query("to")),
      ),
    })),
  );
}

function answering(run: (c: SandboxContext) => unknown): Handler {
  return async (c) => {
    try {
      return Response.json((await run(c)) ?? {});
    } catch (error) {
      if (error instanceof Refusal) return error.response;
      throw error;
    }
  };
}

function instant(text: string | undefined): number {
  const parsed = Date.parse(text ?? "");
  if (Number.isNaN(parsed)) throw badRequest(`Not an instant: ${text}`);
  return parsed;
}

const EVENT_ACTIONS: Record<string, Action> = {
  "events/create": (world, body) => {
    const desk = deskOf(world, placeOf(body));
    const options = { id: optional(body, "id"), organizer: optional(body, "organizer") };
    return shown(world, body, simulateCreate(desk, record(body, "event"), options));
  },
  "events/edit": (world, body) => {
    const desk = deskOf(world, placeOf(body));
    return shown(
      world,
      body,
      simulateEdit(desk, text(body, "eventId"), record(body, "change"), scopeOf(body)),
    );
  },
  "events/delete": (world, body) => {
    simulateDelete(deskOf(world, placeOf(body)), text(body, "eventId"), scopeOf(body));
  },
  "events/respond": (world, body) => {
    const response = text(body, "response") as ResponseStatus;
    const desk = deskOf(world, placeOf(body));
    return shown(world, body, simulateRespond(desk, text(body, "eventId"), response, scopeOf(body)));
  },
  "events/duplicate": (world, body) =>
    shown(world, body, duplicateEvent(deskOf(world, placeOf(body)), text(body, "eventId"))),
  "events/move": (world, body) => {
    const target = { account: text(body, "account"), calendarId: text(body, "destination") };
    const { calendar } = deskOf(world, target);
    const moved = moveEvent(deskOf(world, placeOf(body)), text(body, "eventId"), calendar);
    return shown(world, { ...body, calendarId: calendar.id }, moved);
  },
  bulk: (world, body) => ({
    created: createMany(deskOf(world, placeOf(body)), body as unknown as BulkOrder),
  }),
};

const CALENDAR_ACTIONS: Record<string, Action> = {
  "calendars/create": (world, body) => {
    const owner = text(body, "account");
    const timeZone = optional(body, "timeZone") ?? world.google.accounts.get(owner)?.timeZone ?? "UTC";
    const generated = body.kind === "generated" ? ("generated" as const) : undefined;
    const calendar = addCalendar(world, {
      owner,
      timeZone,
      summary: text(body, "summary"),
      id: optional(body, "id"),
      kind: generated,
    });
    return calendarResource(calendar.record);
  },
  "calendars/change": (world, body) => {
    const { calendar } = deskOf(world, placeOf(body));
    const change = { summary: optional(body, "summary"), timeZone: optional(body, "timeZone") };
    changeCalendar(
      world,
      calendar,
      Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
    );
    return calendarResource(calendar.record);
  },
  "calendars/delete": (world, body) => deleteCalendar(world, deskOf(world, placeOf(body)).calendar),
  "calendars/share": (world, body) =>
    share(world, deskOf(world, placeOf(body)).calendar, text(body, "with"), text(body, "role")),
  "calendars/unshare": (world, body) =>
    unshare(world, deskOf(world, placeOf(body)).calendar, text(body, "with")),
  "calendars/entry": (world, body) => {
    const { calendar } = deskOf(world, placeOf(body));
    const entry = listOf(world, text(body, "account")).get(calendar.id);
    if (entry === undefined) throw notFound();
    const { hidden = entry.hidden, selected = entry.selected } = body as {
      hidden?: boolean;
      selected?: boolean;
    };
    const summaryOverride = optional(body, "summaryOverride") ?? entry.summaryOverride;
    const backgroundColor = optional(body, "backgroundColor") ?? entry.backgroundColor;
    writeEntry(world, { ...entry, hidden, selected, summaryOverride, backgroundColor });
  },
  "calendars/invalidate-tokens": (world, body) => {
    const when = body.when === "next_page" ? "next_page" : "now";
    invalidateTokens(world, deskOf(world, placeOf(body)).calendar, when);
  },
};

function placeOf(body: Body): Place {
  return { account: text(body, "account"), calendarId: optional(body, "calendarId") };
}

function scopeOf(body: Body): Scope {
  const scope = optional(body, "scope") ?? "this";
  if (scope === "this" || scope === "following" || scope === "all") return scope;
  throw badRequest(`Not a scope: ${scope}`);
}

function shown(world: World, body: Body, event: StoredEvent): Record<string, unknown> {
  const { calendar } = deskOf(world, placeOf(body));
  const view = detailView({ calendar, role: "owner", visibility: "everything", canWrite: true });
  return eventResource(calendar, itemOf(calendar, event), view);
}

function text(body: Body, name: string): string {
  const value = optional(body, name);
  if (value === undefined) throw badRequest(`Missing ${name}.`, name, "required");
  return value;
}

function optional(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" ? value : undefined;
}

function record(body: Body, name: string): Body {
  const value = body[name];
  if (typeof value !== "object" || value === null) throw badRequest(`Missing ${name}.`, name, "required");
  return value as Body;
}

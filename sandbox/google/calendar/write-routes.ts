import type { Routes, SandboxContext } from "../../core/context";
import { type OpenCalendar, openCalendar, requireAccount } from "./access";
import { createdConference, withConference } from "./conference";
import type { Desk } from "./desk";
import { badRequest } from "./errors";
import { moveEvent } from "./event-actions";
import { detailView } from "./event-get";
import { writableFields } from "./event-input";
import { isClientEventId } from "./ids";
import { itemOf } from "./items";
import type { EventStatus, Person, StoredEvent } from "./model";
import { changeEvent, createEvent, deleteEvent } from "./mutations";
import { jsonBody, masked, parameter, queryOf } from "./read-routes";
import { eventResource } from "./render-event";
import type { World } from "./world";
import {
  createWriteQuota,
  requireMatch,
  requireOrganizer,
  requireRevivable,
  requireWriteAccess,
} from "./write-guards";

const EVENTS = "/calendar/v3/calendars/:calendarId/events";

interface WriteCall {
  desk: Desk;
  open: OpenCalendar;
}

/** The writing half of Calendar v3: insert, import, update, patch, delete, move. */
export function addWriteRoutes(routes: Routes, world: World): void {
  const countWrite = createWriteQuota(world);
  const begin = (c: SandboxContext): WriteCall => {
    const { caller, account } = requireAccount(world, c.var.caller, "events.write");
    const open = openCalendar(world, account, parameter(c, "calendarId"), caller);
    requireWriteAccess(open);
    countWrite(account.email);
    const actor = { email: account.email, displayName: world.google.accounts.get(account.email)?.name };
    return { desk: { world, calendar: open.calendar, actor }, open };
  };
  routes.add("calendar.events.insert", "POST", EVENTS, async (c) => insert(c, begin(c), await jsonBody(c)));
  routes.add("calendar.events.import", "POST", `${EVENTS}/import`, async (c) =>
    importEvent(c, begin(c), await jsonBody(c)),
  );
  routes.add("calendar.events.patch", "PATCH", `${EVENTS}/:eventId`, async (c) =>
    change(c, begin(c), await jsonBody(c), "patch"),
  );
  routes.add("calendar.events.update", "PUT", `${EVENTS}/:eventId`, async (c) =>
    change(c, begin(c), await jsonBody(c), "replace"),
  );
  routes.add("calendar.events.delete", "DELETE", `${EVENTS}/:eventId`, (c) => remove(c, begin(c)));
  routes.add("calendar.events.move", "POST", `${EVENTS}/:eventId/move`, (c) => move(c, world, begin(c)));
}

function insert(c: SandboxContext, { desk, open }: WriteCall, body: Record<string, unknown>): Response {
  const id = typeof body.id === "string" ? body.id : undefined;
  if (id !== undefined && !isClientEventId(id)) throw badRequest("Invalid resource id value.", "id");
  if (body.eventType === "fromGmail") throw badRequest("Events of this type cannot be created.", "eventType");
  const fields = withConference(writableFields(body), queryOf(c).get("conferenceDataVersion"), undefined);
  const iCalUID = id === undefined && typeof body.iCalUID === "string" ? body.iCalUID : undefined;
  return answer(c, open, settle(desk, createEvent(desk, { fields, id, iCalUID, status: statusOf(body) })));
}

function importEvent(c: SandboxContext, { desk, open }: WriteCall, body: Record<string, unknown>): Response {
  const { iCalUID } = body;
  if (typeof iCalUID !== "string" || iCalUID === "")
    throw badRequest("Missing iCalUID.", undefined, "required");
  if ((body.eventType ?? "default") !== "default")
    throw badRequest("Only default events can be imported.", "eventType");
  const fields = writableFields(body);
  const known = [...desk.calendar.events()].find(
    (event) => event.iCalUID === iCalUID && event.seriesId === undefined,
  );
  const organizer = body.organizer as Person | undefined;
  const event =
    known === undefined
      ? createEvent(desk, { fields, iCalUID, organizer, status: statusOf(body) })
      : changeEvent(desk, known.id, { fields, mode: "replace", status: statusOf(body) ?? "confirmed" });
  return answer(c, open, event);
}

function change(
  c: SandboxContext,
  { desk, open }: WriteCall,
  body: Record<string, unknown>,
  mode: "patch" | "replace",
): Response {
  const id = parameter(c, "eventId");
  requireMatch(c, desk, id);
  requireRevivable(desk, id, body.status ?? (mode === "replace" ? "confirmed" : undefined));
  const before = desk.calendar.get(id)?.fields;
  const version = queryOf(c).get("conferenceDataVersion");
  const fields = withConference(writableFields(body), version, mode === "replace" ? before : undefined);
  if (mode === "patch") requireOrganizer(desk, id, fields);
  return answer(c, open, settle(desk, changeEvent(desk, id, { fields, mode, status: statusOf(body) })));
}

function remove(c: SandboxContext, { desk }: WriteCall): Response {
  const id = parameter(c, "eventId");
  requireMatch(c, desk, id);
  deleteEvent(desk, id);
  return new Response(null, { status: 204 });
}

function move(c: SandboxContext, world: World, { desk }: WriteCall): Response {
  const destination = queryOf(c).get("destination");
  if (destination === null) throw badRequest("Required", "destination", "required");
  const { account } = requireAccount(world, c.var.caller, "events.write");
  const target = openCalendar(world, account, destination);
  requireWriteAccess(target);
  return answer(c, target, moveEvent(desk, parameter(c, "eventId"), target.calendar));
}

function statusOf({ status }: Record<string, unknown>): EventStatus | undefined {
  if (status === undefined || status === null) return undefined;
  if (status === "confirmed" || status === "tentative" || status === "cancelled") return status;
  throw badRequest(`Invalid value '${String(status)}' for status.`, "status");
}

/** A conference is created after the answer went out: the next read and the next delta show it. */
function settle(desk: Desk, event: StoredEvent): StoredEvent {
  const created = createdConference(event.fields);
  if (created === undefined) return event;
  const finish = () => {
    const stillThere = desk.world.calendars.get(desk.calendar.id) === desk.calendar;
    if (stillThere) changeEvent(desk, event.id, { fields: created, mode: "patch" });
  };
  setTimeout(finish, 20).unref();
  return event;
}

function answer(c: SandboxContext, open: OpenCalendar, event: StoredEvent): Response {
  return masked(c, eventResource(open.calendar, itemOf(open.calendar, event), detailView(open)));
}

import { createHash } from "node:crypto";
import type { Caller, Routes, SandboxContext } from "../../core/context";
import { openCalendar, requireAccount } from "../calendar/access";
import { badRequest } from "../calendar/errors";
import type { CalendarRecord } from "../calendar/model";
import { jsonBody, masked, parameter, queryOf } from "../calendar/read-routes";
import { channelIdNotUnique, channelNotFound, pushNotSupported } from "./errors";
import { type Channel, isActive, resourceKey } from "./model";
import type { Push } from "./push";
import { readWatchRequest } from "./watch-request";

const BASE = "/calendar/v3";
const GOOGLE = "https://www.googleapis.com";

/** `events.watch`, `calendarList.watch` and `channels.stop`. */
export function addPushRoutes(routes: Routes, push: Push): void {
  const { world } = push;
  routes.add("calendar.events.watch", "POST", `${BASE}/calendars/:calendarId/events/watch`, async (c) => {
    const { caller, account } = requireAccount(world, c.var.caller, "events.read");
    const asked = parameter(c, "calendarId");
    const { record } = openCalendar(world, account, asked, caller).calendar;
    if (!isWatchable(record)) throw pushNotSupported();
    return watch(c, push, caller, { path: `/calendars/${inAddress(asked)}/events`, calendarId: record.id });
  });
  routes.add("calendar.calendarList.watch", "POST", `${BASE}/users/me/calendarList/watch`, (c) => {
    const { caller } = requireAccount(world, c.var.caller, "calendarList.read");
    return watch(c, push, caller, { path: "/users/me/calendarList" });
  });
  routes.add("calendar.channels.stop", "POST", `${BASE}/channels/stop`, async (c) => {
    const { caller } = requireAccount(world, c.var.caller, "channels.stop");
    return stop(push, caller, await jsonBody(c));
  });
}

function isWatchable({ kind, id }: CalendarRecord): boolean {
  return kind !== "generated" && !id.endsWith("@group.v.calendar.google.com");
}

// The alias comes back as it was asked for (googleapis/google-api-java-client-services#20532).
function inAddress(calendarId: string): string {
  return encodeURIComponent(calendarId).replaceAll("%40", "@");
}

async function watch(
  c: SandboxContext,
  { world, channels, outbox, switches }: Push,
  { account, clientId }: Caller,
  resource: { path: string; calendarId?: string },
): Promise<Response> {
  const now = world.google.clock.ms();
  const { path, calendarId } = resource;
  const request = readWatchRequest(await jsonBody(c), now, switches.maxLifetime());
  if (channels.get(clientId, request.id) !== undefined) throw channelIdNotUnique(request.id);
  const query = queryOf(c);
  query.delete("access_token");
  query.set("alt", "json");
  const channel = channels.open({
    ...request,
    account,
    clientId,
    ...(calendarId !== undefined && { calendarId }),
    resourceId: resourceIdOf({ account, calendarId }),
    resourceUri: `${GOOGLE}${BASE}${path}?${query}`,
    createdAt: now,
  });
  await outbox.welcome(channel);
  return masked(c, channelResource(channel));
}

function channelResource({ id, resourceId, resourceUri, token, expiration }: Channel) {
  const kind = "api#channel";
  return {
    kind,
    id,
    resourceId,
    resourceUri,
    ...(token !== undefined && { token }),
    expiration: String(expiration),
  };
}

function resourceIdOf(channel: Pick<Channel, "account" | "calendarId">): string {
  const text = `${channel.account}\n${resourceKey(channel)}`;
  return createHash("sha256").update(text).digest("base64url").slice(0, 27);
}

function stop(
  { world, channels, outbox, switches }: Push,
  { account, clientId }: Caller,
  body: Record<string, unknown>,
): Response {
  const { id, resourceId } = body;
  if (typeof id !== "string" || id === "") throw badRequest("Required", "id", "required");
  const channel = channels.get(clientId, id);
  const isTheirs = channel?.account === account && channel.resourceId === resourceId;
  if (channel === undefined || !isTheirs || channel.ended?.why === "revoked")
    throw channelNotFound(id, clientId);
  const active = isActive(channel, world.google.clock.ms());
  if (!active && switches.stopAgain() === "404") throw channelNotFound(id, clientId);
  if (active) {
    outbox.drop(channel);
    channels.end(channel, "stopped", switches.messageAfterStop());
  }
  return new Response(null, { status: 204 });
}

import type { Routes } from "../../core/context";
import { type JsonObject, optionalText, readJson, refusal } from "../../core/json-body";
import { isLoopbackHost } from "../../core/loopback";
import { type Channel, isActive, type ResourceState } from "./model";
import type { Push } from "./push";

const API = "/sandbox/api/channels";
const STATES: readonly string[] = ["sync", "exists", "not_exists"];

/** Channels and their messages over JSON; see `sandbox/README.md`. */
export function addChannelControl(routes: Routes, push: Push): void {
  const { channels, outbox, log } = push;
  routes.control("GET", API, (c) => {
    const account = c.req.query("account");
    const listed = channels.list().filter((channel) => account === undefined || channel.account === account);
    const counters = log.counts();
    return Response.json({
      channels: listed.map((one) => channelView(push, one)),
      pending: outbox.pending(),
      counters,
    });
  });
  routes.control("GET", `${API}/deliveries`, (c) => {
    const limit = Number(c.req.query("limit") ?? 200);
    return Response.json({ deliveries: log.recent(limit) });
  });
  const post = (path: string, act: (push: Push, body: JsonObject) => unknown) =>
    routes.control("POST", `${API}/${path}`, async (c) =>
      Response.json(await act(push, await readJson(c)), { status: 200 }),
    );
  post("expire", expireChannel);
  post("message", sendStray);
  post("deliver", deliverNow);
}

/** All but the token: whoever shows or logs it would tell a secret of the client. */
export function channelView({ world, outbox }: Push, channel: Channel) {
  const { token, ordinal: _, messages: __, ended, lastWord: ___, ...rest } = channel;
  const active = isActive(channel, world.google.clock.ms());
  return {
    ...rest,
    hasToken: token !== undefined,
    state: active ? "active" : (ended?.why ?? "expired"),
    pending: outbox.pending(channel),
  };
}

/** The channel of `channelId` (and `clientId`, where two clients chose the same id). */
function channelOf({ channels }: Push, body: JsonObject): Channel | undefined {
  const id = optionalText(body, "channelId");
  if (id === undefined) return undefined;
  const clientId = optionalText(body, "clientId");
  const found = channels.list().find((one) => one.id === id && (clientId ?? one.clientId) === one.clientId);
  if (found === undefined) throw refusal("There is no such channel", 404);
  return found;
}

export function expireChannel(push: Push, body: JsonObject) {
  const channel = channelOf(push, body);
  if (channel === undefined) throw refusal("channelId must be a text");
  channel.expiration = Math.min(channel.expiration, push.world.google.clock.ms());
  push.channels.touch(channel);
  return channelView(push, channel);
}

/**
 * A message nobody asked for: `{ channelId?, clientId?, address?, state?, headers? }`. It looks like one of the channel,
 * or of none; `headers` replaces its headers, `null` leaves one out. Answers `{ status }` or `{ problem }`.
 */
export function sendStray(push: Push, body: JsonObject) {
  const state = optionalText(body, "state") ?? "exists";
  if (!STATES.includes(state)) throw refusal(`state is one of ${STATES.join(", ")}`);
  const address = optionalText(body, "address");
  if (address !== undefined && !(URL.canParse(address) && isLoopbackHost(new URL(address).host)))
    throw refusal("The address must be on this machine");
  const channel = channelOf(push, body) ?? strayChannel(push, address);
  const headers = body.headers === undefined ? {} : headersOf(body.headers);
  return push.outbox.forge(channel, state as ResourceState, { address, headers });
}

function strayChannel({ world }: Push, address: string | undefined): Channel {
  if (address === undefined) throw refusal("Give channelId or address");
  const now = world.google.clock.ms();
  const owner = { account: "", clientId: "", ordinal: 0, createdAt: now, expiration: now + 604_800_000 };
  const resourceUri = "https://www.googleapis.com/calendar/v3/calendars/primary/events?alt=json";
  const resource = { resourceId: "stray-resource", resourceUri };
  return { id: crypto.randomUUID(), ...owner, ...resource, address, number: 1, messages: 0 };
}

function headersOf(value: unknown): Record<string, string | null> {
  if (typeof value !== "object" || value === null) throw refusal("headers must be an object");
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name.toLowerCase(), one === null ? null : String(one)]),
  );
}

/** What waits (for its delay, a retry, or to be passed) goes out; answers what is left when all were tried. */
export async function deliverNow(push: Push, body: JsonObject) {
  const channel = channelOf(push, body);
  await push.outbox.deliverNow(channel);
  return { pending: push.outbox.pending(channel), counters: push.log.counts() };
}

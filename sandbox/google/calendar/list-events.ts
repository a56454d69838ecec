import type { OpenCalendar } from "./access";
import { badRequest } from "./errors";
import { applyMask } from "./field-mask";
import { digest } from "./ids";
import { cutPage, type Page } from "./list-page";
import { type ListParameters, readListParameters } from "./list-parameters";
import { listedItems } from "./list-source";
import { olderState, repeatable } from "./older-state";
import { eventJson, type View } from "./render-event";
import { checkSyncToken } from "./sync-token-check";
import { decodeToken, encodeToken, epochOf, type PageToken, type SyncToken } from "./tokens";
import type { World } from "./world";

/** `events.list`: one page of a full or incremental list, as JSON text. */
export function listEvents(
  world: World,
  account: string,
  open: OpenCalendar,
  query: URLSearchParams,
): string {
  const { calendar } = open;
  const parameters = readListParameters(query);
  const syncToken = checkSyncToken(world, calendar, account, parameters);
  const pageToken = readPageToken(calendar.id, account, parameters, query);
  const seq = pageToken?.seq ?? calendar.seq;
  const placed = listedItems(world, calendar, parameters, syncToken, seq);
  const page = cutPage(placed, pageToken, parameters.maxResults, world.switches.emptyPages());
  const view = listView(world, open, parameters, syncToken !== undefined);
  const items = page.items.map(({ item }) => eventJson(calendar, item, view));

  const repeated = pageToken?.empty === true ? undefined : pageToken?.repeat;
  const older = repeated === undefined ? undefined : olderState(calendar, repeated);
  if (older !== undefined) items.push(eventJson(calendar, older, { ...view, key: "older" }));

  const repeat = repeatOnNextPage(world, syncToken, pageToken, page);
  const listed = { calendarId: calendar.id, account, parameters: listDigest(query), seq };
  const tokens =
    page.next === undefined
      ? lastPageToken(world, open, account, parameters, syncToken, seq)
      : { nextPageToken: encodeToken({ ...listed, ...page.next, ...(repeat && { repeat }) }) };
  return listJson(open, parameters, tokens, items);
}

function readPageToken(
  calendarId: string,
  account: string,
  { pageToken }: ListParameters,
  query: URLSearchParams,
): PageToken | undefined {
  if (pageToken === undefined) return undefined;
  const token = decodeToken<PageToken>(pageToken);
  const fits =
    token?.calendarId === calendarId && token.account === account && token.parameters === listDigest(query);
  if (!fits) throw badRequest("Invalid page token value.", "pageToken");
  return token;
}

// Pages of one list repeat all its parameters but the page's own.
function listDigest(query: URLSearchParams): string {
  const kept = [...query].filter(
    ([name]) => !["pageToken", "maxResults", "fields", "prettyPrint", "alt"].includes(name),
  );
  return digest(JSON.stringify(kept.sort()));
}

function repeatOnNextPage(
  world: World,
  syncToken: SyncToken | undefined,
  pageToken: PageToken | undefined,
  page: Page,
): string | undefined {
  if (syncToken === undefined || !world.switches.duplicates()) return undefined;
  if (pageToken === undefined) return repeatable(page);
  return pageToken.empty === true ? pageToken.repeat : undefined;
}

/** The sync token at a list's end; lists in an order of their own or with filters get none. */
function lastPageToken(
  world: World,
  { calendar }: OpenCalendar,
  account: string,
  parameters: ListParameters,
  before: SyncToken | undefined,
  seq: number,
): { nextSyncToken?: string } {
  const { orderBy, q, iCalUID, updatedMin, privateProperties, sharedProperties } = parameters;
  const filtered = [orderBy, q, iCalUID, updatedMin].some((value) => value !== undefined);
  if (filtered || privateProperties.length + sharedProperties.length > 0) return {};
  const token: SyncToken = {
    calendarId: calendar.id,
    account,
    parameters: before?.parameters ?? digest(parameters.constant),
    singleEvents: before?.singleEvents ?? parameters.singleEvents,
    seq,
    issuedAt: world.google.clock.ms(),
    epoch: epochOf(calendar.record, account),
    timeMin: before === undefined ? (parameters.timeMin ?? null) : before.timeMin,
    timeMax: before === undefined ? (parameters.timeMax ?? null) : before.timeMax,
  };
  return { nextSyncToken: encodeToken(token) };
}

function listView(world: World, open: OpenCalendar, parameters: ListParameters, incremental: boolean): View {
  const { visibility, calendar } = open;
  const { maxAttendees, maskText } = parameters;
  const zone = parameters.timeZone ?? calendar.record.timeZone;
  const withDetails = parameters.showDeleted || parameters.updatedMin !== undefined;
  const tombstone = incremental ? world.switches.tombstone() : withDetails ? "full" : "medium";
  const named = !incremental || !world.switches.sparseInstanceTombstones();
  return {
    visibility,
    zone,
    maxAttendees,
    tombstone: tombstone as View["tombstone"],
    instanceTombstonesNameSeries: named,
    mask: asMask(parameters),
    key: `${visibility}|${zone}|${maxAttendees}|${tombstone}|${named}|${maskText}`,
  };
}

function asMask({ mask }: ListParameters): View["mask"] {
  return mask?.get("items") ?? (mask?.has("*") ? mask.get("*") : undefined);
}

function listJson(
  { calendar, role }: OpenCalendar,
  { mask }: ListParameters,
  tokens: object,
  items: readonly string[],
): string {
  const { summary, description, timeZone } = calendar.record;
  const root = {
    kind: "calendar#events",
    etag: `"p${calendar.seq.toString(32)}v${calendar.record.version.toString(32)}"`,
    summary,
    ...(description !== undefined && { description }),
    updated: calendar.updated,
    timeZone,
    accessRole: role,
    defaultReminders: role === "owner" ? [{ method: "popup", minutes: 10 }] : [],
    ...tokens,
  };
  const head = JSON.stringify(applyMask(root, mask));
  if (mask !== undefined && !mask.has("items") && !mask.has("*")) return head;
  const separator = head === "{}" ? "" : ",";
  return `${head.slice(0, -1)}${separator}"items":[${items.join(",")}]}`;
}

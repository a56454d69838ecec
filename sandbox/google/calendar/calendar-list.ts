import { canWrite } from "./access";
import { badRequest, fullSyncRequired } from "./errors";
import { digest } from "./ids";
import { readBoolean, readMaxResults } from "./list-parameters";
import type { AccessRole, CalendarAccount, ListEntry } from "./model";
import { decodeToken, encodeToken } from "./tokens";
import { listOf, type World } from "./world";

interface ListToken {
  listOf: string;
  seq: number;
  parameters: string;
  after?: number;
  issuedAt: number;
}

const ROLE_RANK: Record<string, number> = {
  freeBusyReader: 1,
  reader: 2,
  writerWithoutPrivateAccess: 3,
  writer: 4,
  owner: 5,
};
const DAY_MS = 86_400_000;

/** `calendarList.list`: one page. Changes of role or of the calendar's own properties never appear in a delta. */
export function listCalendars(
  world: World,
  account: CalendarAccount,
  query: URLSearchParams,
): Record<string, unknown> {
  const since = readSyncToken(world, account, query);
  const page = readPageToken(account, query);
  const maxResults = readMaxResults(query, 100, 250);
  const seq = page?.seq ?? account.entrySeq;
  const wanted = [...listOf(world, account.email).values()]
    .filter((entry) => entry.changeSeq <= seq && entry.changeSeq > (since?.seq ?? 0))
    .filter((entry) => isWanted(world, entry, query, since !== undefined))
    .sort((a, b) => a.changeSeq - b.changeSeq);
  const first =
    page?.after === undefined ? 0 : wanted.findIndex((entry) => entry.changeSeq > (page.after ?? 0));
  const shown = first === -1 ? [] : wanted.slice(first, first + maxResults);
  const more = first !== -1 && first + maxResults < wanted.length;
  const token: ListToken = {
    listOf: account.email,
    seq,
    parameters: parametersOf(query),
    issuedAt: world.google.clock.ms(),
  };
  return {
    kind: "calendar#calendarList",
    etag: `"p${account.entrySeq}"`,
    ...(more
      ? { nextPageToken: encodeToken({ ...token, after: shown.at(-1)?.changeSeq }) }
      : { nextSyncToken: encodeToken(token) }),
    items: shown.map((entry) => entryResource(world, entry)),
  };
}

function readSyncToken(
  world: World,
  account: CalendarAccount,
  query: URLSearchParams,
): ListToken | undefined {
  const text = query.get("syncToken");
  if (text === null) return undefined;
  for (const name of ["minAccessRole", "showOwnOrganizationOnly"]) {
    if (query.has(name))
      throw badRequest(`Sync token cannot be used together with ${name}.`, name, "badRequest");
  }
  const token = decodeToken<ListToken>(text);
  if (token === undefined) throw badRequest("Invalid sync token value.", "syncToken");
  const age = world.google.clock.ms() - token.issuedAt;
  const lives = token.listOf === account.email && token.seq <= account.entrySeq;
  if (!lives || age > world.switches.syncTokenDays() * DAY_MS) throw fullSyncRequired(true);
  return token;
}

function readPageToken(account: CalendarAccount, query: URLSearchParams): ListToken | undefined {
  const text = query.get("pageToken");
  if (text === null) return undefined;
  const token = decodeToken<ListToken>(text);
  if (token?.listOf !== account.email || token.parameters !== parametersOf(query)) {
    throw badRequest("Invalid page token value.", "pageToken");
  }
  return token;
}

function parametersOf(query: URLSearchParams): string {
  const names = ["minAccessRole", "showDeleted", "showHidden", "syncToken", "showOwnOrganizationOnly"];
  return digest(JSON.stringify(names.map((name) => query.get(name))));
}

function isWanted(world: World, entry: ListEntry, query: URLSearchParams, incremental: boolean): boolean {
  const role = roleIn(world, entry);
  const minimum = ROLE_RANK[query.get("minAccessRole") ?? ""] ?? 0;
  if (minimum > 0 && (ROLE_RANK[role ?? ""] ?? 0) < minimum) return false;
  // https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list (syncToken)
  if (incremental) return true;
  if (entry.deleted && !readBoolean(query, "showDeleted")) return false;
  return !entry.hidden || readBoolean(query, "showHidden");
}

function roleIn(world: World, entry: ListEntry): AccessRole | undefined {
  return world.calendars.get(entry.calendarId)?.record.acl[entry.account];
}

/** A CalendarListEntry; flags that are false are left out. */
export function entryResource(world: World, entry: ListEntry): Record<string, unknown> {
  const record = world.calendars.get(entry.calendarId)?.record;
  const role = roleIn(world, entry);
  const etag = `"${entry.changeSeq}${String(record?.version ?? 0).padStart(6, "0")}"`;
  const base = { kind: "calendar#calendarListEntry", etag, id: entry.calendarId };
  if (record === undefined || entry.deleted) return { ...base, deleted: true };
  const primary = record.kind === "primary" && record.id === entry.account;
  return {
    ...base,
    ...(record.summary !== "" && { summary: record.summary }),
    ...(record.description !== undefined && { description: record.description }),
    timeZone: record.timeZone,
    ...(entry.summaryOverride !== undefined && { summaryOverride: entry.summaryOverride }),
    colorId: entry.colorId,
    backgroundColor: entry.backgroundColor,
    foregroundColor: entry.foregroundColor,
    ...(entry.hidden && { hidden: true }),
    ...(entry.selected && { selected: true }),
    accessRole: role,
    defaultReminders: primary ? [{ method: "popup", minutes: 10 }] : [],
    ...(primary && { primary: true }),
    ...(record.kind === "secondary" && canWrite(role ?? "") && { dataOwner: record.owner }),
    conferenceProperties: { allowedConferenceSolutionTypes: ["hangoutsMeet"] },
  };
}

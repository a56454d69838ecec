import { badRequest, timeRangeEmpty } from "./errors";
import { type FieldMask, MalformedMask, parseFieldMask } from "./field-mask";
import { isZone, parseRfc3339 } from "./zones";

const FORBIDDEN_WITH_TOKEN = [
  "iCalUID",
  "orderBy",
  "privateExtendedProperty",
  "q",
  "sharedExtendedProperty",
  "timeMin",
  "timeMax",
  "updatedMin",
];

const EVENT_TYPES = ["birthday", "default", "focusTime", "fromGmail", "outOfOffice", "workingLocation"];

export interface ListParameters {
  maxResults: number;
  singleEvents: boolean;
  showDeleted: boolean;
  orderBy: "startTime" | "updated" | undefined;
  timeMin: number | undefined;
  timeMax: number | undefined;
  updatedMin: number | undefined;
  timeZone: string | undefined;
  maxAttendees: number;
  eventTypes: ReadonlySet<string> | undefined;
  iCalUID: string | undefined;
  q: string | undefined;
  privateProperties: readonly string[];
  sharedProperties: readonly string[];
  syncToken: string | undefined;
  pageToken: string | undefined;
  mask: FieldMask | undefined;
  maskText: string;
  /** The parameters that must not change while a token lives, as one text. */
  constant: string;
}

/** Reads the query of `events.list`; refuses what Google refuses. */
export function readListParameters(query: URLSearchParams): ListParameters {
  const syncToken = query.get("syncToken") ?? undefined;
  if (syncToken !== undefined) refuseWithToken(query);
  const parameters: ListParameters = {
    maxResults: readMaxResults(query, 250, 2500),
    singleEvents: readBoolean(query, "singleEvents"),
    showDeleted: readBoolean(query, "showDeleted"),
    orderBy: readOrder(query),
    timeMin: readTime(query, "timeMin"),
    timeMax: readTime(query, "timeMax"),
    updatedMin: readTime(query, "updatedMin"),
    timeZone: readZone(query),
    maxAttendees: readPositive(query, "maxAttendees", Number.MAX_SAFE_INTEGER),
    eventTypes: readEventTypes(query),
    iCalUID: query.get("iCalUID") ?? undefined,
    q: query.get("q")?.toLowerCase(),
    privateProperties: query.getAll("privateExtendedProperty"),
    sharedProperties: query.getAll("sharedExtendedProperty"),
    syncToken,
    pageToken: query.get("pageToken") ?? undefined,
    ...readMask(query),
    constant: constantPart(query),
  };
  const { timeMin, timeMax } = parameters;
  if (timeMin !== undefined && timeMax !== undefined && timeMax <= timeMin) throw timeRangeEmpty();
  if (parameters.orderBy === "startTime" && !parameters.singleEvents) {
    throw badRequest("The requested ordering is not available for the particular query.", "orderBy");
  }
  return parameters;
}

function refuseWithToken(query: URLSearchParams): void {
  const forbidden = FORBIDDEN_WITH_TOKEN.find((name) => query.has(name));
  if (forbidden !== undefined) {
    throw badRequest(`Sync token cannot be used together with ${forbidden}.`, forbidden, "badRequest");
  }
  if (query.get("showDeleted") === "false") {
    throw badRequest("Sync token cannot be used with showDeleted set to false.", "showDeleted", "badRequest");
  }
}

function constantPart(query: URLSearchParams): string {
  const types = query.getAll("eventTypes").sort().join(",");
  const single = query.get("singleEvents") === "true";
  const hidden = query.get("showHiddenInvitations") === "true";
  return `${single}|${types}|${query.get("maxAttendees")}|${query.get("timeZone")}|${hidden}`;
}

export function readMaxResults(query: URLSearchParams, initial: number, cap: number): number {
  return Math.min(cap, readPositive(query, "maxResults", initial));
}

function readPositive(query: URLSearchParams, name: string, initial: number): number {
  const text = query.get(name);
  if (text === null || text === "") return initial;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw badRequest(`Invalid value '${text}' for ${name}.`, name);
  return value;
}

export function readBoolean(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text !== null && text !== "true" && text !== "false")
    throw badRequest(`Invalid boolean value: '${text}'.`, name);
  return text === "true";
}

function readOrder(query: URLSearchParams): ListParameters["orderBy"] {
  const text = query.get("orderBy");
  if (text === null || text === "startTime" || text === "updated") return text ?? undefined;
  throw badRequest(`Invalid string value: '${text}'. Allowed values: [startTime, updated]`, "orderBy");
}

/** An RFC 3339 time with its mandatory offset, in milliseconds. */
export function readTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const parsed = parseRfc3339(text);
  if (parsed?.offset === undefined) throw badRequest("Bad Request", name, "badRequest");
  return parsed.wall - parsed.offset;
}

export function readZone(query: URLSearchParams): string | undefined {
  const zone = query.get("timeZone") ?? undefined;
  if (zone !== undefined && !isZone(zone)) throw badRequest(`Invalid time zone: ${zone}`, "timeZone");
  return zone;
}

function readEventTypes(query: URLSearchParams): ReadonlySet<string> | undefined {
  const types = query.getAll("eventTypes");
  const unknown = types.find((type) => !EVENT_TYPES.includes(type));
  if (unknown !== undefined) throw badRequest(`Invalid string value: '${unknown}'.`, "eventTypes");
  return types.length === 0 ? undefined : new Set(types);
}

export function readMask(query: URLSearchParams): { mask: FieldMask | undefined; maskText: string } {
  const maskText = query.get("fields") ?? "";
  if (maskText === "") return { mask: undefined, maskText };
  try {
    return { mask: parseFieldMask(maskText), maskText };
  } catch (error) {
    if (error instanceof MalformedMask) throw badRequest(error.message, "fields", "invalidParameter");
    throw error;
  }
}

import type { CalendarState } from "./calendar-state";
import { deltaList } from "./delta-list";
import { updatedMinTooLongAgo } from "./errors";
import { fullList, type Placed } from "./full-list";
import { itemFields, itemSpan } from "./items";
import type { ListParameters } from "./list-parameters";
import type { EventFields } from "./model";
import type { SyncToken } from "./tokens";
import { seriesHorizon, type World } from "./world";

const DAY_MS = 86_400_000;

/** Everything a list shows over all its pages, in order. `to` bounds the changes of an incremental list. */
export function listedItems(
  world: World,
  calendar: CalendarState,
  parameters: ListParameters,
  token: SyncToken | undefined,
  to: number,
): Placed[] {
  if (token !== undefined) return deltaItems(world, calendar, parameters, token, to);
  refuseOldUpdatedMin(world, parameters);
  const placed = fullList(calendar, {
    singleEvents: parameters.singleEvents,
    showDeleted: parameters.showDeleted || parameters.updatedMin !== undefined,
    timeMin: parameters.timeMin ?? Number.NEGATIVE_INFINITY,
    timeMax: parameters.timeMax ?? Number.POSITIVE_INFINITY,
    horizon: seriesHorizon(world),
  });
  const wanted = hasFilters(parameters) ? placed.filter((one) => passes(one, parameters)) : placed;
  return inRequestedOrder(calendar, wanted, parameters.orderBy);
}

function refuseOldUpdatedMin(world: World, { updatedMin }: ListParameters): void {
  if (updatedMin === undefined) return;
  if (world.google.clock.ms() - updatedMin > world.switches.updatedMinDays() * DAY_MS)
    throw updatedMinTooLongAgo();
}

function deltaItems(
  world: World,
  calendar: CalendarState,
  parameters: ListParameters,
  token: SyncToken,
  to: number,
): Placed[] {
  const placed = deltaList(calendar, token.seq, to, {
    // Where the switch lets other parameters pass, the first list's are the ones that count.
    singleEvents: token.singleEvents,
    horizon: seriesHorizon(world),
    seriesTombstoneReach: world.switches.shortSeriesTombstones() ? 180 * DAY_MS : Number.POSITIVE_INFINITY,
  });
  const typed =
    parameters.eventTypes === undefined ? placed : placed.filter((one) => passes(one, parameters));
  if (world.switches.unclippedDeltas()) return typed;
  const { timeMin, timeMax } = token;
  return typed.filter(({ item }) => {
    const { start, end } = itemSpan(item, calendar.record.timeZone);
    return (timeMin === null || end > timeMin) && (timeMax === null || start < timeMax);
  });
}

function hasFilters(parameters: ListParameters): boolean {
  const { eventTypes, updatedMin, iCalUID, q, privateProperties, sharedProperties } = parameters;
  const single = [eventTypes, updatedMin, iCalUID, q].some((value) => value !== undefined);
  return single || privateProperties.length + sharedProperties.length > 0;
}

function passes({ item }: Placed, parameters: ListParameters): boolean {
  if (item.kind === "vanished") return true;
  const row = item.kind === "instance" ? item.series : item.event;
  if (parameters.updatedMin !== undefined && Date.parse(row.updated) < parameters.updatedMin) return false;
  if (row.status === "cancelled") return true;
  const fields = itemFields(item);
  if (parameters.eventTypes !== undefined && !parameters.eventTypes.has(fields.eventType ?? "default"))
    return false;
  if (parameters.iCalUID !== undefined && row.iCalUID !== parameters.iCalUID) return false;
  if (parameters.q !== undefined && !mentions(fields, parameters.q)) return false;
  return (
    hasProperties(fields.extendedProperties?.private, parameters.privateProperties) &&
    hasProperties(fields.extendedProperties?.shared, parameters.sharedProperties)
  );
}

function mentions({ summary, description, location, attendees }: EventFields, text: string): boolean {
  const people = (attendees ?? []).flatMap(({ email, displayName }) => [email, displayName]);
  return [summary, description, location, ...people].some(
    (value) => typeof value === "string" && value.toLowerCase().includes(text),
  );
}

function hasProperties(properties: Record<string, string> | undefined, wanted: readonly string[]): boolean {
  return wanted.every((pair) => {
    const equals = pair.indexOf("=");
    return properties?.[pair.slice(0, equals)] === pair.slice(equals + 1);
  });
}

function inRequestedOrder(
  calendar: CalendarState,
  placed: Placed[],
  orderBy: ListParameters["orderBy"],
): Placed[] {
  if (orderBy === undefined) return placed;
  const zone = calendar.record.timeZone;
  const rank = ({ item }: Placed) => {
    if (orderBy === "startTime") return itemSpan(item, zone).start;
    return Date.parse(
      item.kind === "vanished" ? item.updated : (item.kind === "instance" ? item.series : item.event).updated,
    );
  };
  const ranked = placed.map((one) => ({ one, rank: rank(one) })).sort((a, b) => a.rank - b.rank);
  return ranked.map(({ one }, index) => ({ at: [index, 0], item: one.item }));
}

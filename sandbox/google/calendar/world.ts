import type { Collection } from "../../core/store";
import type { Google } from "../service";
import { type CalendarCollections, CalendarState } from "./calendar-state";
import type { CalendarAccount, CalendarRecord, ListEntry, RetiredSeries, StoredEvent } from "./model";
import { type CalendarSwitches, defineCalendarSwitches } from "./switches";

/** Told after each write: a calendar's id, or an account's e-mail when its list of calendars changed. */
export type ChangeListener = (change: { calendarId: string } | { listOf: string }) => void;

/** Everything the calendar stand-in knows. */
export interface World {
  google: Google;
  switches: CalendarSwitches;
  calendars: Map<string, CalendarState>;
  accounts: Collection<CalendarAccount>;
  /** By `account\ncalendarId`. */
  entries: Collection<ListEntry>;
  /** The same entries by account, then calendar. */
  lists: Map<string, Map<string, ListEntry>>;
  collections: CalendarCollections;
  /** E-mails without an account that calendars were shared with. */
  pendingShares: Map<string, Set<string>>;
  listeners: Set<ChangeListener>;
  /** Calendars whose next incremental page after the first answers 410. */
  goneOnNextPage: Set<string>;
}

export function createWorld(google: Google): World {
  const collections: CalendarCollections = {
    calendars: google.store.collection<CalendarRecord>("google.calendar.calendars"),
    events: google.store.collection<StoredEvent>("google.calendar.events"),
    retired: google.store.collection<RetiredSeries>("google.calendar.retired"),
  };
  const world: World = {
    google,
    switches: defineCalendarSwitches(google),
    calendars: new Map(),
    accounts: google.store.collection<CalendarAccount>("google.calendar.accounts"),
    entries: google.store.collection<ListEntry>("google.calendar.entries"),
    collections,
    lists: new Map(),
    pendingShares: new Map(),
    listeners: new Set(),
    goneOnNextPage: new Set(),
  };
  loadWorld(world);
  return world;
}

/** Rebuilds the indexes from the store: at start and after the store was emptied. */
export function loadWorld(world: World): void {
  world.calendars.clear();
  world.goneOnNextPage.clear();
  world.lists.clear();
  world.pendingShares.clear();
  for (const entry of world.entries.values()) listOf(world, entry.account).set(entry.calendarId, entry);
  const { calendars, events, retired } = world.collections;
  const eventsOf = groupByCalendar(events.values());
  const retiredOf = groupByCalendar(retired.values());
  for (const record of calendars.values()) {
    const state = new CalendarState(record, world.collections);
    const rows = (eventsOf.get(record.id) ?? []).sort((a, b) => a.ordinal - b.ordinal);
    state.restore(rows, retiredOf.get(record.id) ?? []);
    world.calendars.set(record.id, state);
    for (const email of Object.keys(record.acl)) rememberShare(world, email, record.id);
  }
}

/** Keeps a share in mind until its e-mail gets an account. */
export function rememberShare(world: World, email: string, calendarId: string): void {
  if (world.accounts.has(email)) return;
  const waiting = world.pendingShares.get(email) ?? new Set();
  world.pendingShares.set(email, waiting.add(calendarId));
}

/** The calendars in an account's list, deleted entries too. */
export function listOf(world: World, account: string): Map<string, ListEntry> {
  const existing = world.lists.get(account);
  if (existing !== undefined) return existing;
  const created = new Map<string, ListEntry>();
  world.lists.set(account, created);
  return created;
}

function groupByCalendar<T extends { calendarId: string }>(rows: Iterable<T>): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.calendarId);
    if (group === undefined) groups.set(row.calendarId, [row]);
    else group.push(row);
  }
  return groups;
}

export function announce(world: World, change: Parameters<ChangeListener>[0]): void {
  for (const listener of world.listeners) listener(change);
}

/** End of the time for which series without end are expanded; steps once a day so that expansions can be kept. */
export function seriesHorizon(world: World): number {
  const day = 86_400_000;
  const now = world.google.clock.ms();
  return Math.ceil(now / day) * day + Math.round(world.switches.seriesYears() * 365.25) * day;
}

import { createHash } from "node:crypto";
import type { Account } from "../accounts";
import { CalendarState } from "./calendar-state";
import type { AccessRole, CalendarRecord, ListEntry } from "./model";
import { announce, listOf, rememberShare, type World } from "./world";

const COLORS = ["#9fe1e7", "#16a765", "#f83a22", "#ffad46", "#92e1c0", "#9a9cff", "#cd74e6", "#a47ae2"];

/** Opens the calendar of an account that has the service: its primary calendar, and what was shared with it before. */
export function openAccount(world: World, { email, timeZone, hasCalendar }: Account): void {
  if (!hasCalendar || world.accounts.has(email)) return;
  world.accounts.set(email, { email, timeZone, entrySeq: 0 });
  addCalendar(world, { id: email, owner: email, summary: email, timeZone, kind: "primary" });
  for (const id of world.pendingShares.get(email) ?? []) {
    const calendar = world.calendars.get(id);
    if (calendar?.record.acl[email] !== undefined) writeEntry(world, freshEntry(world, calendar, email));
  }
  world.pendingShares.delete(email);
}

/** The account is gone: so are the calendars it owned, its own list, and every row of its primary calendar. */
export function closeAccount(world: World, email: string): void {
  for (const calendar of world.calendars.values()) {
    if (calendar.record.owner === email && !calendar.record.deleted) deleteCalendar(world, calendar);
  }
  world.calendars.get(email)?.purge();
  for (const calendarId of listOf(world, email).keys()) world.entries.delete(`${email}\n${calendarId}`);
  world.lists.delete(email);
  world.accounts.delete(email);
}

export interface NewCalendar {
  id?: string;
  owner: string;
  summary: string;
  timeZone: string;
  description?: string;
  kind?: CalendarRecord["kind"];
}

/** Creates a calendar and puts it into its owner's list. */
export function addCalendar(world: World, input: NewCalendar): CalendarState {
  const now = world.google.clock.now();
  const id = input.id ?? secondaryId(world, input);
  const record: CalendarRecord = {
    id,
    owner: input.owner,
    summary: input.summary,
    ...(input.description !== undefined && { description: input.description }),
    timeZone: input.timeZone,
    acl: {},
    kind: input.kind ?? "secondary",
    deleted: false,
    created: now.toISOString(),
    updated: now.toISOString(),
    version: 1,
    tokenEpoch: now.getTime(),
    accountEpochs: {},
  };
  const calendar = new CalendarState(record, world.collections);
  world.calendars.set(id, calendar);
  world.collections.calendars.set(id, record);
  if (record.kind !== "generated") share(world, calendar, input.owner, "owner");
  return calendar;
}

function secondaryId(world: World, input: NewCalendar): string {
  const seed = `${input.owner}/${input.summary}/${world.calendars.size}`;
  return `c_${createHash("sha256").update(seed).digest("hex")}@group.calendar.google.com`;
}

/**
 * Gives an account a role, or another one. The list entry of a calendar that is already listed does not reappear in a
 * delta; who watches the list is told. Google does not say whether it tells of that.
 */
export function share(world: World, calendar: CalendarState, email: string, role: AccessRole): void {
  const { record } = calendar;
  const changed = record.acl[email] !== undefined && record.acl[email] !== role;
  calendar.changeRecord(
    { acl: { ...record.acl, [email]: role }, ...(changed && newEpochFor(record, email)) },
    world.google.clock.now(),
  );
  if (!world.accounts.has(email)) {
    rememberShare(world, email, calendar.id);
    return;
  }
  const entry = listOf(world, email).get(calendar.id);
  if (entry === undefined || entry.deleted)
    writeEntry(world, { ...freshEntry(world, calendar, email), ...entry, deleted: false });
  else if (changed) announce(world, { listOf: email });
}

/** Takes an account's access away. */
export function unshare(world: World, calendar: CalendarState, email: string): void {
  const { [email]: _, ...acl } = calendar.record.acl;
  calendar.changeRecord({ acl, ...newEpochFor(calendar.record, email) }, world.google.clock.now());
  const entry = listOf(world, email).get(calendar.id);
  if (entry !== undefined) writeEntry(world, { ...entry, deleted: true });
  announce(world, { calendarId: calendar.id });
}

function newEpochFor(record: CalendarRecord, email: string): Pick<CalendarRecord, "accountEpochs"> {
  return { accountEpochs: { ...record.accountEpochs, [email]: (record.accountEpochs[email] ?? 0) + 1 } };
}

/** Deletes a secondary calendar for everybody who had it. */
export function deleteCalendar(world: World, calendar: CalendarState): void {
  calendar.changeRecord({ deleted: true }, world.google.clock.now());
  for (const email of Object.keys(calendar.record.acl)) {
    const entry = listOf(world, email).get(calendar.id);
    if (entry !== undefined && !entry.deleted) writeEntry(world, { ...entry, deleted: true });
  }
  announce(world, { calendarId: calendar.id });
}

/** Changes name, description or zone for everybody. */
export function changeCalendar(
  world: World,
  calendar: CalendarState,
  change: Partial<Pick<CalendarRecord, "summary" | "description" | "timeZone">>,
): void {
  calendar.changeRecord(change, world.google.clock.now());
  if (calendar.record.kind === "primary" && change.timeZone !== undefined) {
    const account = world.accounts.get(calendar.id);
    if (account !== undefined) world.accounts.set(calendar.id, { ...account, timeZone: change.timeZone });
  }
  announce(world, { calendarId: calendar.id });
  for (const email of Object.keys(calendar.record.acl)) {
    const entry = listOf(world, email).get(calendar.id);
    if (entry !== undefined && !entry.deleted) announce(world, { listOf: email });
  }
}

/** Makes sync tokens of the calendar invalid: all at once, or when the second page of a delta is asked for. */
export function invalidateTokens(world: World, calendar: CalendarState, when: "now" | "next_page"): void {
  if (when === "next_page") world.goneOnNextPage.add(calendar.id);
  else calendar.changeRecord({ tokenEpoch: calendar.record.tokenEpoch + 1 }, world.google.clock.now());
}

/** Writes a list entry as its account's newest change. */
export function writeEntry(world: World, entry: Omit<ListEntry, "changeSeq">): ListEntry {
  const account = world.accounts.get(entry.account);
  const entrySeq = (account?.entrySeq ?? 0) + 1;
  if (account !== undefined) world.accounts.set(account.email, { ...account, entrySeq });
  const written = { ...entry, changeSeq: entrySeq };
  world.entries.set(`${entry.account}\n${entry.calendarId}`, written);
  listOf(world, entry.account).set(entry.calendarId, written);
  announce(world, { listOf: entry.account });
  return written;
}

function freshEntry(world: World, calendar: CalendarState, account: string): Omit<ListEntry, "changeSeq"> {
  const index = listOf(world, account).size;
  return {
    account,
    calendarId: calendar.id,
    colorId: String(14 + (index % COLORS.length)),
    backgroundColor: COLORS[index % COLORS.length] ?? "#9fe1e7",
    foregroundColor: "#000000",
    selected: true,
    hidden: false,
    deleted: false,
  };
}

import type { ConnectionRow } from "@/lib/connections/own-connection";
import type { SettingsInput } from "@/lib/connections/settings-input";
import { AppError, notFound } from "@/lib/platform/errors";

export interface CalendarChoice {
  id: string;
  selected: boolean;
  canWrite: boolean;
  isPrimary: boolean;
}

type Columns = Partial<Omit<SettingsInput, "calendars">>;

/** What a change of settings comes to. Nothing here reads or writes. */
export interface SettingsPlan {
  isEmpty: boolean;
  set: Columns;
  /** Old and new value of each setting that changes, for the audit. */
  diff: Record<string, [unknown, unknown]>;
  select: string[];
  deselect: string[];
  titles: "keep" | "forget" | "read_again";
  importStopped: boolean;
  /** Whether bookings belong in other calendars now, or must say more or less in those they are in. */
  exports: "keep" | "replan" | "rewrite";
  /** Checked calendars that need a round now. */
  read: string[];
  /** What is stored of every calendar that is read is out of date. */
  rereads: boolean;
}

/** Judges wishes against what is there. Throws `not_found` and `invalid_input`. */
export function planSettings(
  connection: ConnectionRow,
  calendars: readonly CalendarChoice[],
  canWrite: boolean,
  input: SettingsInput,
): SettingsPlan {
  const { calendars: choices = [], ...wished } = input;
  const byId = new Map(calendars.map((calendar) => [calendar.id, calendar]));
  const wishes = new Map(choices.map((choice) => [choice.id, choice.checkForConflicts]));
  for (const id of wishes.keys()) if (!byId.has(id)) throw notFound("calendar");
  const target = wished.targetCalendarId;
  if (typeof target === "string" && target !== connection.targetCalendarId) {
    assertTarget(byId.get(target), canWrite);
  }
  const { set, diff } = changes(connection, withTarget(connection, wished, calendars, canWrite));
  const differs = (calendar: CalendarChoice) =>
    (wishes.get(calendar.id) ?? calendar.selected) !== calendar.selected;
  const changed = calendars.filter(differs);
  const select = changed.filter((calendar) => !calendar.selected).map((calendar) => calendar.id);
  const deselect = changed.filter((calendar) => calendar.selected).map((calendar) => calendar.id);
  const checked = calendars.filter((calendar) => calendar.selected !== differs(calendar));
  return {
    isEmpty: Object.keys(diff).length + changed.length === 0,
    set,
    diff,
    select,
    deselect,
    titles: titlesPlan(set),
    importStopped: set.importEnabled === false,
    exports: exportsPlan(set),
    read: readable(connection, set) ? (rereads(set) ? checked.map((calendar) => calendar.id) : select) : [],
    rereads: rereads(set),
  };
}

function assertTarget(calendar: CalendarChoice | undefined, canWrite: boolean): void {
  if (calendar === undefined) throw notFound("calendar");
  if (canWrite && calendar.canWrite) return;
  const message = calendar.canWrite
    ? "this connection may not write to calendars"
    : "this calendar is read-only";
  throw new AppError("invalid_input", "Bookings cannot be added to this calendar.", {
    fields: [{ path: "targetCalendarId", message }],
  });
}

/** Switching export on without a target means the main calendar, where that can be written to. */
function withTarget(
  connection: ConnectionRow,
  wished: Columns,
  calendars: readonly CalendarChoice[],
  canWrite: boolean,
): Columns {
  const turnedOn = wished.exportEnabled === true && !connection.exportEnabled;
  if (
    !turnedOn ||
    !canWrite ||
    wished.targetCalendarId !== undefined ||
    connection.targetCalendarId !== null
  ) {
    return wished;
  }
  const main = calendars.find((calendar) => calendar.isPrimary && calendar.canWrite);
  return main === undefined ? wished : { ...wished, targetCalendarId: main.id };
}

function changes(connection: ConnectionRow, wished: Columns) {
  const entries = (Object.keys(wished) as (keyof Columns)[]).flatMap((field) => {
    const next = field === "nickname" ? wished.nickname || null : wished[field];
    return next === undefined || next === connection[field] ? [] : [{ field, next }];
  });
  return {
    set: Object.fromEntries(entries.map(({ field, next }) => [field, next])) as Columns,
    diff: Object.fromEntries(
      entries.map(({ field, next }) => [field, [connection[field], next] as [unknown, unknown]]),
    ),
  };
}

function exportsPlan(set: Columns): SettingsPlan["exports"] {
  if (set.exportDetails !== undefined) return "rewrite";
  return set.exportEnabled !== undefined || set.targetCalendarId !== undefined ? "replan" : "keep";
}

function titlesPlan(set: Columns): SettingsPlan["titles"] {
  if (set.titles === undefined) return "keep";
  return set.titles === "busy_only" ? "forget" : "read_again";
}

function readable(connection: ConnectionRow, set: Columns): boolean {
  return (set.importEnabled ?? connection.importEnabled) && connection.reconnectReason === null;
}

/** These make everything stored out of date: a fence went up, titles are wanted, or nobody looked for a while. */
function rereads(set: Columns): boolean {
  return set.titles !== undefined || set.importEnabled === true || set.autoSyncEnabled === true;
}

import { importWindow } from "@/lib/calendar/window";
import type { ConnectionView } from "@/lib/connections/integration-view";

/** How much of the truth the page can show. */
export interface ReadingState {
  connected: boolean;
  /** Accounts are connected, but no calendar of theirs is checked. */
  nothingChecked: boolean;
  /** Names of calendars that were never read to the end. */
  unread: string[];
  /** Names of calendars whose last reading is too long ago, or failed. */
  behind: string[];
  /** The days that are read, when what is shown begins or ends beyond them. */
  read: { from: Date; to: Date; overlaps: boolean } | null;
}

export function readingState(
  connections: readonly ConnectionView[],
  span: { from: Date; to: Date },
  now: Date,
): ReadingState {
  const importing = connections.filter(
    ({ status, settings }) => status !== "disconnecting" && settings.importEnabled,
  );
  const checked = importing.flatMap(({ calendars }) => calendars.filter((one) => one.checkForConflicts));
  const read = importWindow(now);
  const overlaps = span.from < read.end && span.to > read.start;
  const outside = span.from < read.start || span.to > read.end;
  return {
    connected: connections.length > 0,
    nothingChecked: connections.length > 0 && checked.length === 0,
    unread: checked.filter(({ lastSyncedAt }) => lastSyncedAt === null).map(({ name }) => name),
    behind: checked
      .filter(
        ({ lastSyncedAt, state }) => lastSyncedAt !== null && (state === "delayed" || state === "failed"),
      )
      .map(({ name }) => name),
    read: outside && checked.length > 0 ? { from: read.start, to: read.end, overlaps } : null,
  };
}

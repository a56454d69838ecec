import { Temporal } from "temporal-polyfill";
import { startOfDay } from "@/lib/calendar/event-time";
import { addDays, type IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";

/** A stretch of a day in which the wall clock runs evenly; `minute` is what it shows at `at`, from midnight. */
interface ClockPiece {
  readonly at: Date;
  readonly minute: number;
}

/** Minutes the wall clock shows twice: when it reads `until` it goes back by `length`; `piece` begins there. */
interface RepeatedTime {
  readonly until: number;
  readonly length: number;
  readonly piece: number;
}

/** How the wall clock of one local day runs. A day without a change of clocks has one piece. */
export interface DayClock {
  readonly date: IsoDate;
  readonly start: Date;
  readonly end: Date;
  readonly pieces: readonly ClockPiece[];
  readonly repeats: readonly RepeatedTime[];
  /** Wall minutes that never come on this day. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
}

const MINUTE_MS = 60_000;

export function dayClock(date: IsoDate, zone: TimeZoneId): DayClock {
  const start = startOfDay(date, zone);
  const end = startOfDay(addDays(date, 1), zone);
  const midnight = Temporal.PlainDate.from(date).toPlainDateTime();
  const pieces: ClockPiece[] = [];
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(
    start.getTime(),
  ).toZonedDateTimeISO(zone);
  while (at !== null && (pieces.length === 0 || at.epochMilliseconds < end.getTime())) {
    const { minutes } = at.toPlainDateTime().since(midnight, { largestUnit: "minutes" });
    pieces.push({ at: new Date(at.epochMilliseconds), minute: minutes });
    at = at.getTimeZoneTransition("next");
  }
  return { date, start, end, pieces, repeats: repeatsOf(pieces), gaps: gapsOf(pieces) };
}

function repeatsOf(pieces: readonly ClockPiece[]): RepeatedTime[] {
  return pieces.flatMap((piece, index) => {
    const until = readingBefore(pieces, index);
    return until > piece.minute ? [{ until, length: until - piece.minute, piece: index }] : [];
  });
}

function gapsOf(pieces: readonly ClockPiece[]): { from: number; to: number }[] {
  return pieces.flatMap((piece, index) => {
    const from = readingBefore(pieces, index);
    return from < piece.minute ? [{ from, to: piece.minute }] : [];
  });
}

/** What the clock would show at a piece's start had it not been changed; midnight for the first. */
function readingBefore(pieces: readonly ClockPiece[], index: number): number {
  const [before, piece] = [pieces[index - 1], pieces[index]];
  if (before === undefined || piece === undefined) return 0;
  return before.minute + (piece.at.getTime() - before.at.getTime()) / MINUTE_MS;
}

/** The wall minute at an instant of the day, and the piece it lies in. */
export function wallMinute(clock: DayClock, at: Date): { minute: number; piece: number } {
  const found = clock.pieces.findLastIndex((piece) => piece.at <= at);
  const index = Math.max(found, 0);
  const piece = clock.pieces[index];
  if (piece === undefined) return { minute: 0, piece: 0 };
  return { minute: piece.minute + (at.getTime() - piece.at.getTime()) / MINUTE_MS, piece: index };
}

import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { Echo } from "@/lib/calendar/echo";
import { shapeHash } from "@/lib/calendar/shape-hash";
import { sameRange, type TimeRange } from "@/lib/calendar/time-range";

export type RemoteState = "in_place" | "moved" | "edited" | "deleted" | "relocated";

/** What our rows say of an event of ours: what is wanted of it, and the version we know. */
export interface OwnFacts {
  readonly desired: "present" | "absent" | "left";
  /** Its booking stands. */
  readonly confirmed: boolean;
  /** When its booking is now. */
  readonly booked: TimeRange;
  /** The times we wrote last; null: none of our writes was ever answered. */
  readonly written: TimeRange | null;
  readonly shapeHash: string | null;
  readonly etag: string | null;
  readonly updatedAt: Date | null;
  readonly remoteState: RemoteState;
  readonly remote: TimeRange | null;
  readonly verify: boolean;
  /** Something is still to be written to it. */
  readonly open: boolean;
  /** It is being written just now. */
  readonly inFlight: boolean;
  /** Where we wrote it, an event under its id is still there. */
  readonly stands: boolean;
}

/**
 * Whose time an event of a calendar takes. `own`: its booking takes it already. `displaced`: ours, but its owner put
 * it elsewhere and nobody has decided, so it blocks beside its booking. `foreign`: it is an event like any other.
 */
export type Standing = "own" | "displaced" | "foreign";

export type OwnEcho = Extract<Echo, { own: true }>;

type Met = Pick<CalendarEvent, "updatedAt">;

/** An image of ours is ours wherever it says it is; the event itself must be where we put it, or want it. */
export function standingOf(
  event: Met,
  range: TimeRange,
  by: OwnEcho["by"],
  facts: OwnFacts | null,
): Standing {
  if (facts === null || isImage(by, facts)) return "own";
  if (isOlder(event, facts) || isExpected(range, facts)) return "own";
  return facts.confirmed && facts.desired !== "left" ? "displaced" : "foreign";
}

/** A guest's copy and a mirror have our id or our iCal UID while the event itself is where we wrote it. */
function isImage(by: OwnEcho["by"], facts: OwnFacts): boolean {
  return by === "mirror" || (by === "moved" && facts.stands);
}

/** A version from before the one we know: a page that was read before our write and is applied after it. */
function isOlder({ updatedAt }: Met, facts: OwnFacts): boolean {
  return updatedAt !== null && facts.updatedAt !== null && updatedAt < facts.updatedAt;
}

// The booking's own time counts too: it was written there and the answer is not stored yet, or its owner moved it
// exactly to where the booking went.
function isExpected(range: TimeRange, { written, booked }: OwnFacts): boolean {
  return (written !== null && sameRange(range, written)) || sameRange(range, booked);
}

/** What meeting an event of ours tells about it. */
export type Notice =
  | {
      readonly say: "state";
      readonly state: RemoteState;
      /** Where it was met; null where we put it. */
      readonly remote: TimeRange | null;
      /** Null: the version of before stays the one to write over, so that a change we cannot see is not lost. */
      readonly etag: string | null;
      readonly updatedAt: Date | null;
    }
  /** Only the event itself, read afresh, can tell. */
  | { readonly say: "look" };

/**
 * What a version of our event says that its row does not know yet; null for nothing. `here`: it was met in the
 * calendar it was written to. Nobody judges what is no longer wanted, what we never knew, or an image.
 */
export function noticeOf(
  event: CalendarEvent,
  range: TimeRange,
  by: OwnEcho["by"],
  facts: OwnFacts,
): Notice | null {
  if (!isJudged(event, by, facts) || facts.written === null) return null;
  const state = by === "moved" ? "relocated" : stateHere(event, range, facts.written, facts);
  if (state === null || (isKnown(event, facts) && !contradicts(state, facts))) return null;
  if (facts.inFlight && state !== "in_place") return facts.verify ? null : { say: "look" };
  const inPlace = state === "in_place";
  const notice: Notice = {
    say: "state",
    state,
    remote: inPlace ? null : range,
    etag: inPlace ? null : event.etag,
    updatedAt: event.updatedAt,
  };
  return saysNothingNew(notice, facts) ? null : notice;
}

function isJudged(event: Met, by: OwnEcho["by"], facts: OwnFacts): boolean {
  const met = by === "stored" || by === "moved";
  return met && facts.desired === "present" && !isImage(by, facts) && !isOlder(event, facts);
}

/** Null: a write of ours is under way, so the words may be ours already; it will be compared when that is done. */
function stateHere(
  event: CalendarEvent,
  range: TimeRange,
  written: TimeRange,
  facts: OwnFacts,
): RemoteState | null {
  if (!isExpected(range, facts)) return "moved";
  const asWritten = { ...event, start: instant(written.start), end: instant(written.end) };
  if (facts.shapeHash === null || shapeHash(asWritten) === facts.shapeHash) return "in_place";
  return facts.open ? null : "edited";
}

function instant(at: Date) {
  return { kind: "instant", at, zone: null } as const;
}

function isKnown({ etag, updatedAt }: CalendarEvent, facts: OwnFacts): boolean {
  if (etag !== null && facts.etag !== null) return etag === facts.etag;
  return updatedAt !== null && updatedAt.getTime() === facts.updatedAt?.getTime();
}

// The very version we know may still be news: it lives though we took it for deleted, it lies elsewhere, or its
// booking followed it to where its owner had put it.
function contradicts(state: RemoteState, { remoteState }: OwnFacts): boolean {
  return (
    remoteState === "deleted" || state === "relocated" || (remoteState === "moved" && state === "in_place")
  );
}

function saysNothingNew(notice: Extract<Notice, { say: "state" }>, facts: OwnFacts): boolean {
  const { state, remote, etag, updatedAt } = notice;
  return (
    state === facts.remoteState &&
    (remote === null ? facts.remote === null : facts.remote !== null && sameRange(remote, facts.remote)) &&
    (etag === null || etag === facts.etag) &&
    (updatedAt === null || updatedAt.getTime() === facts.updatedAt?.getTime())
  );
}

/** Whether a tombstone or a full reading without our event is a reason to look for it. */
export function missingMatters(where: "here" | "elsewhere", facts: OwnFacts): boolean {
  if (facts.desired !== "present" || facts.verify || facts.remoteState === "deleted") return false;
  return (where === "elsewhere") === (facts.remoteState === "relocated");
}

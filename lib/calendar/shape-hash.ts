import { hash } from "node:crypto";
import type { CalendarEvent } from "@/lib/calendar/calendar-event";
import type { EventTime } from "@/lib/calendar/event-time";

/** What an import sees of an event of ours. */
export type EventShape = Pick<CalendarEvent, "title" | "location" | "start" | "end">;

/** 27 characters that differ exactly when title, place or times do. The zone they are read in is no difference. */
export function shapeHash(event: EventShape): string {
  return digest(shapeParts(event));
}

/** As `shapeHash`, with the text below the event: all that we write of a booking. */
export function contentHash(event: EventShape, description: string | null): string {
  return digest([...shapeParts(event), description]);
}

function shapeParts({ title, location, start, end }: EventShape) {
  return [title, location, timePart(start), timePart(end)];
}

function timePart(time: EventTime): number | string {
  return time.kind === "instant" ? time.at.getTime() : time.date;
}

function digest(parts: readonly unknown[]): string {
  return hash("sha1", JSON.stringify(parts), "base64url");
}

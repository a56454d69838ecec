import type { CalendarRecord } from "./model";

/** A Calendar resource, what `calendars.get` shows. */
export function calendarResource(record: CalendarRecord): Record<string, unknown> {
  return {
    kind: "calendar#calendar",
    etag: `"c${record.version}"`,
    id: record.id,
    summary: record.summary,
    ...(record.description !== undefined && { description: record.description }),
    timeZone: record.timeZone,
    ...(record.kind === "secondary" && { dataOwner: record.owner }),
    conferenceProperties: { allowedConferenceSolutionTypes: ["hangoutsMeet"] },
  };
}

import { seriesTimes } from "./calendar-state";
import { type Desk, laterThan, put } from "./desk";
import { badRequest } from "./errors";
import { patchedFields, storableFields } from "./event-input";
import { isAllDay } from "./event-time";
import { followingSeriesId, randomEventId, splitInstanceId } from "./ids";
import { occurrenceTimes } from "./items";
import type { EventFields, SeriesTimes, StoredEvent } from "./model";
import { changeEvent } from "./mutations";
import { expandSeries, type Occurrence } from "./recurrence";
import { parseRecurrence } from "./recurrence-lines";
import { settleExceptions } from "./series-exceptions";
import { seriesHorizon } from "./world";
import { wallOfInstant } from "./zones";

/**
 * "This and following": the series ends before the occurrence, and a new one begins there with these fields changed.
 * At the first occurrence it is a change of the whole series. Without `patch` the rest is deleted.
 */
export function splitSeries(desk: Desk, id: string, patch: EventFields | undefined): StoredEvent {
  const { calendar, world } = desk;
  const parts = splitInstanceId(id);
  const series = parts && calendar.get(parts.seriesId);
  const times = series && seriesTimes(series);
  if (parts === undefined || series === undefined || times === undefined)
    throw badRequest("Not an occurrence.");
  const before = expandSeries(times, calendar.record.timeZone, seriesHorizon(world));
  const index = before.findIndex(({ key }) => key === parts.key);
  const occurrence = before[index];
  if (occurrence === undefined) throw badRequest("Not an occurrence.");
  if (index === 0 && patch !== undefined)
    return changeEvent(desk, series.id, { fields: patch, mode: "patch" });

  const following = patch && followingFields(desk, series, times, occurrence, index, patch);
  const trimmed = endBefore(desk, series, times, occurrence);
  if (following === undefined) return trimmed;
  const wanted = followingSeriesId(series.id, occurrence.key);
  const newId = calendar.get(wanted) === undefined ? wanted : randomEventId();
  const now = world.google.clock.now().toISOString();
  const { status, creator, organizer } = series;
  const row = { id: newId, status, creator, organizer, sequence: series.sequence + 1 };
  return put(desk, { ...row, iCalUID: `${newId}@google.com`, created: now, updated: now, fields: following });
}

function endBefore(desk: Desk, series: StoredEvent, times: SeriesTimes, occurrence: Occurrence): StoredEvent {
  const { calendar, world } = desk;
  calendar.retire(series.id, times);
  const recurrence = withoutLater(times, occurrence, calendar.record.timeZone);
  const trimmed = put(desk, {
    ...series,
    fields: { ...series.fields, recurrence },
    sequence: series.sequence + 1,
    updated: laterThan(series.updated, world.google.clock.now()),
  });
  settleExceptions(desk, trimmed);
  return trimmed;
}

function followingFields(
  desk: Desk,
  series: StoredEvent,
  times: SeriesTimes,
  occurrence: Occurrence,
  index: number,
  patch: EventFields,
): EventFields {
  const zone = desk.calendar.record.timeZone;
  const [start, end] = occurrenceTimes(series.fields, occurrence);
  const recurrence = withoutEarlier(times, occurrence, index, zone);
  return storableFields(patchedFields({ ...series.fields, start, end, recurrence }, patch));
}

function withoutLater(times: SeriesTimes, { start, allDay }: Occurrence, zone: string): string[] {
  const last = new Date(allDay ? start - 86_400_000 : start - 1_000).toISOString().replace(/[-:]/g, "");
  const until = allDay ? last.slice(0, 8) : `${last.slice(0, 15)}Z`;
  return mapLines(times, zone, start, {
    rule: (rule) => `${bareRule(rule)};UNTIL=${until}`,
    keepsDate: (date, boundary) => date < boundary,
  });
}

function withoutEarlier(times: SeriesTimes, { start }: Occurrence, index: number, zone: string): string[] {
  return mapLines(times, zone, start, {
    rule: (rule) =>
      rule.replace(/COUNT=(\d+)/i, (_, count: string) => `COUNT=${Math.max(1, Number(count) - index)}`),
    keepsDate: (date, boundary) => date >= boundary,
  });
}

function bareRule(rule: string): string {
  return rule
    .split(";")
    .filter((part) => !/^(COUNT|UNTIL)=/i.test(part))
    .join(";");
}

function mapLines(
  times: SeriesTimes,
  calendarZone: string,
  start: number,
  change: { rule: (line: string) => string; keepsDate: (wall: number, boundary: number) => boolean },
): string[] {
  const zone = isAllDay(times.start) ? undefined : (times.start.timeZone ?? calendarZone);
  const boundary = zone === undefined ? start : wallOfInstant(zone, start);
  return times.recurrence.flatMap((line) => {
    if (/^(RRULE|EXRULE)/i.test(line)) return [change.rule(line)];
    const colon = line.indexOf(":");
    const head = line.slice(0, colon);
    const kept = line
      .slice(colon + 1)
      .split(",")
      .filter((value) => {
        const { dates, excludedDates } = parseRecurrence([`${head}:${value}`], zone);
        return [...dates, ...excludedDates].every((date) => change.keepsDate(date, boundary));
      });
    return kept.length === 0 ? [] : [`${head}:${kept.join(",")}`];
  });
}

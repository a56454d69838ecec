import { formatDay, instantOfWall, parseDay, wallOfInstant } from "./zones";

/** What the lines of `recurrence` say. Dates are walls: clock readings in the event's zone as if they were UTC. */
export interface RecurrenceSet {
  rules: string[];
  excludedRules: string[];
  dates: number[];
  excludedDates: number[];
}

export class MalformedRecurrence extends Error {}

/** Reads RRULE, EXRULE, RDATE and EXDATE lines; `zone` is undefined for an all-day series. */
export function parseRecurrence(lines: readonly string[], zone: string | undefined): RecurrenceSet {
  const set: RecurrenceSet = { rules: [], excludedRules: [], dates: [], excludedDates: [] };
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon === -1) throw new MalformedRecurrence(`Not a recurrence line: ${line}`);
    const [name = "", ...parameters] = line.slice(0, colon).split(";");
    const value = line.slice(colon + 1);
    switch (name.toUpperCase()) {
      case "RRULE":
        set.rules.push(withLocalUntil(value, zone));
        break;
      case "EXRULE":
        set.excludedRules.push(withLocalUntil(value, zone));
        break;
      case "RDATE":
        set.dates.push(...parseDates(value, parameters, zone));
        break;
      case "EXDATE":
        set.excludedDates.push(...parseDates(value, parameters, zone));
        break;
      default:
        throw new MalformedRecurrence(`Not allowed in recurrence: ${name}`);
    }
  }
  return set;
}

// Rules run on wall clock readings, so an UNTIL in UTC becomes one too. A bare day includes all of that day.
function withLocalUntil(rule: string, zone: string | undefined): string {
  // Calendar knows no series finer than a day.
  if (/FREQ=(HOURLY|MINUTELY|SECONDLY)/i.test(rule)) throw new MalformedRecurrence(`Too often: ${rule}`);
  return rule.replace(/UNTIL=([0-9TZ]+)/i, (_, until: string) => {
    const wall = wallOf(until, "UTC", zone);
    if (zone === undefined) return `UNTIL=${basic(wall).slice(0, 8)}`;
    const endOfDay = until.length === 8 ? 86_399_000 : 0;
    return `UNTIL=${basic(wall + endOfDay)}Z`;
  });
}

function parseDates(value: string, parameters: readonly string[], zone: string | undefined): number[] {
  const zoneParameter = parameters.find((parameter) => parameter.toUpperCase().startsWith("TZID="));
  return value.split(",").map((text) => {
    const [moment = ""] = text.split("/");
    return wallOf(moment, zoneParameter?.slice(5) ?? zone ?? "UTC", zone);
  });
}

// `from` is the zone of a reading without Z; `to` the event's, undefined keeps the day only.
function wallOf(text: string, from: string, to: string | undefined): number {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(text.trim());
  const day = match === null ? undefined : parseDay(`${match[1]}-${match[2]}-${match[3]}`);
  if (match === null || day === undefined) throw new MalformedRecurrence(`Not a date: ${text}`);
  if (match[4] === undefined || to === undefined) return day;
  const wall = day + (Number(match[4]) * 3600 + Number(match[5]) * 60 + Number(match[6])) * 1000;
  const source = match[7] === "Z" ? "UTC" : from;
  return source === to ? wall : wallOfInstant(to, instantOfWall(source, wall));
}

function basic(wall: number): string {
  return `${formatDay(wall).replace(/-/g, "")}T${new Date(wall).toISOString().slice(11, 19).replace(/:/g, "")}`;
}

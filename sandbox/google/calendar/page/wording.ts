import type { Language, Say } from "../../../core/language";
import { wallOfInstant } from "../zones";
import { DAY_MS, type Week } from "./week";
import type { ShownOnPage } from "./week-events";

/** Dates and hours as the page writes them. Days and walls are clock readings as if they were UTC. */
export interface Wording {
  say: Say;
  /** Tuesday 24 November */
  day(day: number): string;
  /** Tue 24 */
  shortDay(day: number): { weekday: string; number: string };
  /** 10:00 */
  time(wall: number): string;
  /** 23 – 29 November 2026 */
  week(week: Week): string;
  /** GMT+1 */
  offset(zone: string, instant: number): string;
}

export function wordingIn(language: Language, say: Say): Wording {
  const locale = language === "fr" ? "fr-FR" : "en-GB";
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  const day = format({ weekday: "long", day: "numeric", month: "long" });
  const weekday = format({ weekday: "short" });
  const number = format({ day: "numeric" });
  const time = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const week = format({ day: "numeric", month: "long", year: "numeric" });
  return {
    say,
    day: (at) => day.format(at),
    shortDay: (at) => ({ weekday: weekday.format(at), number: number.format(at) }),
    time: (wall) => time.format(wall),
    week: ({ days }) => week.formatRange(days[0] ?? 0, days.at(-1) ?? 0),
    offset(zone, instant) {
      const parts = format({ timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(instant);
      return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    },
  };
}

/** 10:00 – 11:00, or "all day". */
export function hoursOf(wording: Wording, zone: string, event: ShownOnPage): string {
  if (event.days !== undefined) return wording.say("all day", "toute la journée");
  const [from, to] = [wallOfInstant(zone, event.start), wallOfInstant(zone, event.end)];
  return `${wording.time(from)} – ${wording.time(to)}`;
}

/** Title, Tuesday 24 November, 10:00 – 11:00: what a screen reader says, and a browser test asks for. */
export function nameOf(wording: Wording, zone: string, event: ShownOnPage): string {
  return [event.title, ...whenOf(wording, zone, event), ...statesOf(wording.say, event)].join(", ");
}

function whenOf(wording: Wording, zone: string, event: ShownOnPage): string[] {
  const [from, to] = [wallOfInstant(zone, event.start), wallOfInstant(zone, event.end)];
  if (event.days !== undefined) {
    const { first, last } = event.days;
    const days = first === last ? wording.day(first) : `${wording.day(first)} – ${wording.day(last)}`;
    return [days, hoursOf(wording, zone, event)];
  }
  const sameDay = Math.floor(from / DAY_MS) === Math.floor((to - 1) / DAY_MS);
  if (sameDay) return [wording.day(from), hoursOf(wording, zone, event)];
  return [`${wording.day(from)}, ${wording.time(from)} – ${wording.day(to)}, ${wording.time(to)}`];
}

/** What is particular about an event; nothing for one that simply takes its time. */
export function statesOf(say: Say, event: ShownOnPage): string[] {
  return [
    ...(event.answer === "declined" ? [say("declined", "refusé")] : []),
    ...(event.answer === "needsAction" ? [say("not answered", "sans réponse")] : []),
    ...(event.tentative ? [say("tentative", "provisoire")] : []),
    ...(event.free ? [say("free", "disponible")] : []),
  ];
}

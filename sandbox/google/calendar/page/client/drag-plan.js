const STEP_MINUTES = 15;
const DAY_MINUTES = 1_440;
const MINUTE_MS = 60_000;

/** Minutes rounded to the quarter of an hour. */
export function snapped(minutes) {
  return Math.round(minutes / STEP_MINUTES) * STEP_MINUTES;
}

/** From and to of an event drawn between two minutes of a day: a click makes an hour. */
export function stretch(a, b) {
  const from = Math.floor(Math.min(a, b) / STEP_MINUTES) * STEP_MINUTES;
  const to = Math.min(DAY_MINUTES, snapped(Math.max(a, b)));
  if (to - from >= STEP_MINUTES) return { from, to };
  return { from, to: Math.min(DAY_MINUTES, from + 60) };
}

/** A clock reading (`2026-11-24T10:00`) or a day, so many minutes later. */
export function later(reading, minutes) {
  const isDay = !reading.includes("T");
  const moved = new Date(Date.parse(isDay ? `${reading}T00:00Z` : `${reading}Z`) + minutes * MINUTE_MS);
  return moved.toISOString().slice(0, isDay ? 10 : 16);
}

/** The end of an event that is resized: never before a quarter of an hour after its start. */
export function resizedEnd(start, end, minutes) {
  const shortest = later(start, STEP_MINUTES);
  const wanted = later(end, minutes);
  return wanted < shortest ? shortest : wanted;
}

/** The reading of a minute of a day, which may be the midnight that ends it. */
export function readingOf(day, minute) {
  return later(`${day}T00:00`, minute);
}

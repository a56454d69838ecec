const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const MINUTES = Array.from({ length: 1_440 }, (_, minute) => {
  const two = (value: number) => String(value).padStart(2, "0");
  return `T${two(Math.floor(minute / 60))}:${two(minute % 60)}:00.000Z`;
});

/**
 * Instants as the API writes them, each day's text made once: lists of hundreds of slots name few days and whole
 * minutes, and `toISOString` is most of what such a list costs.
 */
export function instantWriter(): (at: Date) => string {
  const days = new Map<number, string>();
  return (at) => {
    const ms = at.getTime();
    const day = Math.floor(ms / DAY_MS);
    const minute = (ms - day * DAY_MS) / MINUTE_MS;
    const time = MINUTES[minute];
    if (time === undefined) return at.toISOString();
    let text = days.get(day);
    if (text === undefined) {
      text = at.toISOString().slice(0, -time.length);
      days.set(day, text);
    }
    return text + time;
  };
}

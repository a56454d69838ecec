const UNIT_MS: Record<string, number> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
};

/** Milliseconds of a duration as Inngest writes it ("2s", "1d2h"); undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  if (text === "") return 0;
  if (!/^(\d+[wdhms])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([wdhms])/g)].reduce(
    (total, [, amount, unit]) => total + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0),
    0,
  );
}

/** Milliseconds from `now` until a duration has passed or an ISO instant is reached; undefined when neither. */
export function parseDelay(text: string, now: Date): number | undefined {
  const duration = parseDuration(text);
  if (duration !== undefined) return duration;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now.getTime());
}

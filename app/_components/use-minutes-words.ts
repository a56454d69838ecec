import { useFormatter } from "next-intl";

const UNITS = [
  { unit: "day", minutes: 1_440 },
  { unit: "hour", minutes: 60 },
  { unit: "minute", minutes: 1 },
] as const;

/** Puts a number of minutes into words: "1 hr 30 min", in French "1 h 30 min". */
export function useMinutesWords(): (minutes: number) => string {
  const format = useFormatter();
  const inUnit = (count: number, unit: (typeof UNITS)[number]["unit"]) =>
    format.number(count, { style: "unit", unit, unitDisplay: unit === "day" ? "long" : "short" });
  return (minutes) => {
    let rest = minutes;
    const parts = UNITS.flatMap(({ unit, minutes: length }) => {
      const count = Math.floor(rest / length);
      rest -= count * length;
      return count === 0 ? [] : [inUnit(count, unit)];
    });
    return parts.length === 0 ? inUnit(0, "minute") : parts.join(" ");
  };
}

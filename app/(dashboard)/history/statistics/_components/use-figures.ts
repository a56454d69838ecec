import { useFormatter, useTranslations } from "next-intl";

/** Figures as a person reads them. */
export function useFigures() {
  const t = useTranslations("history.statistics");
  const format = useFormatter();
  const unit = (value: number, name: string, digits: number) =>
    format.number(value, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: digits });
  return {
    count: (value: number) => format.number(value),
    /** All but all is not all: 99.96 % is shown as 99.9 %. */
    rate: (value: number | null) =>
      value === null
        ? t("none")
        : format.number(Math.floor(value * 1000) / 1000, { style: "percent", maximumFractionDigits: 1 }),
    delay: (milliseconds: number | null) => {
      if (milliseconds === null) return t("none");
      if (milliseconds < 1_000) return unit(milliseconds, "millisecond", 0);
      if (milliseconds < 120_000) return unit(milliseconds / 1_000, "second", 1);
      return unit(milliseconds / 60_000, "minute", 0);
    },
  };
}

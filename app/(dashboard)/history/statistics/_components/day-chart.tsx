import { useFormatter } from "next-intl";
import { useId } from "react";
import { cn } from "@/app/_components/cn";
import { Card } from "@/app/_components/ui/card";

interface Series {
  label: string;
  /** `fill-…` of its bars. */
  fill: string;
  /** `bg-…` of its mark in the legend: the same colour. */
  mark: string;
  values: readonly number[];
}

interface DayChartProps {
  title: string;
  /** The chart in a sentence, for whoever does not see it. */
  summary: string;
  days: readonly { date: string; startsAt: Date }[];
  series: readonly Series[];
  /** Stacked bars stand on each other; others stand behind each other, the tallest first. */
  stacked: boolean;
  /** A value in words, for the scale and under the pointer. */
  words: (value: number) => string;
  timeZone: string;
}

const HEIGHT = 100;
const STEP = 10;
const WIDTH = 8;
const LEAST = 1.5;

/** Bars by day, drawn on the server. The words around them are text, so that a phone can show them at its own size. */
export function DayChart({ title, summary, days, series, stacked, words, timeZone }: DayChartProps) {
  const id = useId();
  const format = useFormatter();
  const day = (at: Date | undefined) =>
    at === undefined ? "" : format.dateTime(at, { day: "numeric", month: "short", timeZone });
  const top = Math.max(1, ...days.map((_, at) => heightOf(series, at, stacked)));
  return (
    <Card className="p-4 sm:p-5">
      <figure aria-labelledby={id}>
        <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <h2 className="text-[0.9375rem] font-semibold tracking-normal" id={id}>
            {title}
          </h2>
          <span className="flex flex-wrap gap-x-3 text-xs text-ink-muted">
            {series.map(({ label, mark }) => (
              <span className="inline-flex items-center gap-1.5" key={label}>
                <span aria-hidden className={cn("size-2.5 rounded-sm", mark)} />
                {label}
              </span>
            ))}
          </span>
        </figcaption>
        <p aria-hidden className="mt-3 text-xs text-ink-muted tabular-nums">
          {words(top)}
        </p>
        <svg
          aria-label={summary}
          className="mt-1 block h-32 w-full overflow-visible border-y"
          preserveAspectRatio="none"
          role="img"
          viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
        >
          {days.map(({ date, startsAt }, at) => (
            <g key={date}>
              {bars(series, at, stacked, top).map(({ label, fill, y, height, value }) => (
                <rect
                  className={fill}
                  height={height}
                  key={label}
                  width={WIDTH}
                  x={at * STEP + (STEP - WIDTH) / 2}
                  y={y}
                >
                  <title>{`${day(startsAt)}: ${label} ${words(value)}`}</title>
                </rect>
              ))}
            </g>
          ))}
        </svg>
        <p aria-hidden className="mt-1 flex justify-between text-xs text-ink-muted">
          <span>{day(days.at(0)?.startsAt)}</span>
          <span>{day(days.at(-1)?.startsAt)}</span>
        </p>
      </figure>
    </Card>
  );
}

function heightOf(series: readonly Series[], at: number, stacked: boolean): number {
  const values = series.map(({ values }) => values[at] ?? 0);
  return stacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
}

/** What is there is seen, however small beside the rest. */
function bars(series: readonly Series[], at: number, stacked: boolean, top: number) {
  let below = 0;
  return series.flatMap(({ label, fill, values }) => {
    const value = values[at] ?? 0;
    if (value === 0) return [];
    const height = Math.max(LEAST, (value / top) * HEIGHT);
    const y = Math.max(0, HEIGHT - below - height);
    if (stacked) below += height;
    return [{ label, fill, value, height, y }];
  });
}

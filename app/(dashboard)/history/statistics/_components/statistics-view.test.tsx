import {
  AppRouterContext,
  type AppRouterInstance,
} from "next/dist/shared/lib/app-router-context.shared-runtime";
import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { StatisticsView } from "@/app/(dashboard)/history/statistics/_components/statistics-view";
import { toStatisticsView } from "@/app/(dashboard)/history/statistics/to-view";
import type { IsoDate } from "@/lib/calendar/iso-date";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import type { RunStatistics, Statistics } from "@/lib/reporting/statistics";
import en from "@/messages/en.json";
import fr from "@/messages/fr.json";

const ZONE = "Europe/Paris" as TimeZoneId;
const NONE: RunStatistics = {
  ...{
    runs: 0,
    succeeded: 0,
    failed: 0,
    successRate: null,
    imported: 0,
    updated: 0,
    removed: 0,
    exported: 0,
  },
  delays: { p50Ms: null, p95Ms: null },
};
const BUSY: RunStatistics = {
  ...{ runs: 2_880, succeeded: 2_879, failed: 1, successRate: 2_879 / 2_880 },
  ...{ imported: 10, updated: 3, removed: 2, exported: 4, delays: { p50Ms: 400, p95Ms: 150_000 } },
};

function statistics(total: RunStatistics): Statistics {
  const dates = ["2026-11-18", "2026-11-19", "2026-11-20"] as IsoDate[];
  const byDay = dates.map((date, at) => ({ date, ...(at === 1 ? total : NONE) }));
  return {
    from: "2026-11-17T23:00:00.000Z",
    to: "2026-11-20T12:00:00.000Z",
    timeZone: ZONE,
    ...total,
    byDay,
  };
}

const nowhere = () => undefined;
/** What a page's links turn to; no link is followed while markup is made. */
const ROUTER: AppRouterInstance = {
  ...{
    back: nowhere,
    forward: nowhere,
    refresh: nowhere,
    push: nowhere,
    replace: nowhere,
    prefetch: nowhere,
  },
  bfcacheId: "0",
};

function shown(total: RunStatistics, locale: "en" | "fr" = "en", accounts = [{ id: "a", name: "Practice" }]) {
  return renderToStaticMarkup(
    <AppRouterContext.Provider value={ROUTER}>
      <NextIntlClientProvider locale={locale} messages={locale === "en" ? en : fr} timeZone="UTC">
        <StatisticsView
          accounts={accounts}
          filters={{ integrationId: "a", days: "30" }}
          timeZone={ZONE}
          view={toStatisticsView(statistics(total))}
        />
      </NextIntlClientProvider>
    </AppRouterContext.Provider>,
  );
}

describe("the statistics page", () => {
  it("says the figures in words and numbers, also to whoever sees no chart", () => {
    const page = shown(BUSY);
    for (const text of ["2,880", "99.9%", "400 ms", "3 min"]) {
      expect(page).toContain(text);
    }
    expect(page).toContain('aria-label="2,880 runs in all, 1 failed. The table below has each day."');
    expect(page.match(/role="img"/g)).toHaveLength(4);
    expect(page.match(/<tbody[\s\S]*<\/tbody>/)?.[0].match(/<tr/g)).toHaveLength(1);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("speaks French", () => {
    const page = shown(BUSY, "fr");
    expect(page).toContain("Exécutions par jour");
    expect(page).toMatch(/aria-label="2.880 exécutions au total, 1 échec\./u);
  });

  it("draws what is there, however small beside the rest", () => {
    const heights = [...shown(BUSY).matchAll(/<rect[^>]*height="([\d.]+)"/g)].map(([, height]) =>
      Number(height),
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(1.5);
    expect(Math.max(...heights)).toBeLessThanOrEqual(100);
  });

  it("says that no delay was measured, instead of an empty chart", () => {
    const page = shown({ ...BUSY, delays: NONE.delays });
    expect(page.match(/role="img"/g)).toHaveLength(3);
    expect(page).toContain("No change has been measured in this time.");
  });

  it("without runs says where to begin, or how to see more", () => {
    expect(shown(NONE, "en", [])).toContain("Nothing to count yet");
    expect(shown(NONE)).toContain("No runs in this time");
  });
});

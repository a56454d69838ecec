import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { pageOfDays, slotsByDay } from "@/app/_components/public/slot-days";
import { SlotList } from "@/app/_components/public/slot-list";
import type { TimeZoneId } from "@/lib/calendar/time-zone";
import en from "@/messages/en.json";
import fr from "@/messages/fr.json";

/** The names of the links to the slots that begin between two instants, half an hour apart, as a reader hears them. */
function namesOf(locale: "en" | "fr", from: string, to: string, zone = "Europe/Paris"): string[] {
  const slots = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += 1_800_000) {
    slots.push({ start: new Date(at).toISOString(), end: new Date(at + 1_800_000).toISOString() });
  }
  const html = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      messages={locale === "fr" ? (fr as typeof en) : en}
      timeZone="UTC"
    >
      <SlotList
        isLater
        page={pageOfDays(slotsByDay(slots, zone as TimeZoneId), null, 5)}
        pageHref={() => "/"}
        slotHref={(start) => `/?start=${start}`}
        zone={zone as TimeZoneId}
      />
    </NextIntlClientProvider>,
  );
  const links = [...html.matchAll(/<a [^>]*href="\/\?start=[^"]*"[^>]*>(.*?)<\/a>/g)];
  return links.map(([, content = ""]) => content.replace(/<[^>]*>/g, "").replace(/\s/g, " "));
}

describe("the names of slots", () => {
  it("say day and time, and the offset where the clock shows a time twice", () => {
    const names = namesOf("en", "2026-10-24T23:30:00Z", "2026-10-25T02:00:00Z");
    expect(names).toEqual([
      "Sunday, October 25, 1:30 AM",
      "Sunday, October 25, 2:00 AM (GMT+2)",
      "Sunday, October 25, 2:30 AM (GMT+2)",
      "Sunday, October 25, 2:00 AM (GMT+1)",
      "Sunday, October 25, 2:30 AM (GMT+1)",
    ]);
    expect(namesOf("fr", "2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z")).toEqual([
      "dimanche 25 octobre, 2:30 (UTC+2)",
      "dimanche 25 octobre, 2:00 (UTC+1)",
      "dimanche 25 octobre, 2:30 (UTC+1)",
    ]);
  });

  it("skip the hour the clock skips", () => {
    expect(namesOf("en", "2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z")).toEqual([
      "Sunday, March 28, 1:30 AM",
      "Sunday, March 28, 3:00 AM",
    ]);
  });

  it("follow the zone they are read in, where the same hours come once", () => {
    expect(namesOf("en", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "Asia/Tokyo")).toEqual([
      "Sunday, October 25, 9:30 AM",
      "Sunday, October 25, 10:00 AM",
    ]);
  });
});

import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { RelativeTime } from "@/app/_components/relative-time";

function shown(at: string, ahead?: boolean): string {
  const markup = renderToStaticMarkup(
    <NextIntlClientProvider locale="en" messages={{}} now={new Date("2026-12-01T12:00:00Z")} timeZone="UTC">
      <RelativeTime ahead={ahead} at={at} />
    </NextIntlClientProvider>,
  );
  return markup.replace(/<[^>]*>/g, "");
}

describe("a relative time", () => {
  it("says how long ago something was", () => {
    expect(shown("2026-12-01T11:57:00Z")).toBe("3 minutes ago");
  });

  it("never puts into the future what has happened, though the news is younger than the page's clock", () => {
    expect(shown("2026-12-01T12:00:03Z")).toBe("now");
    expect(shown("2026-12-01T12:10:00Z")).toBe("now");
  });

  it("says when the next try comes, and that it is due once its time is over", () => {
    expect(shown("2026-12-01T12:10:00Z", true)).toBe("in 10 minutes");
    expect(shown("2026-12-01T11:59:50Z", true)).toBe("now");
  });
});

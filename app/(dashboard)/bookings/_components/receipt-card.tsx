import { CalendarCheck2, CalendarClock, CalendarX2, Radio } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";
import type { Booking, ReceiptLine } from "@/app/(dashboard)/bookings/booking";

const icons = { fresh: CalendarCheck2, live: Radio, stale: CalendarClock, unknown: CalendarX2 };

/** Which calendars were looked at when the booking was made, and how old that look was. */
export function ReceiptCard({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings.receipt");
  return (
    <Card aria-labelledby="receipt">
      <CardHeader className="pb-4 sm:pb-4">
        <div>
          <h2 className="text-lg font-semibold" id="receipt">
            {t("title")}
          </h2>
          <p className="text-sm text-ink-muted">{t("description")}</p>
        </div>
      </CardHeader>
      {booking.receipt.length === 0 ? (
        <CardSection className="text-sm text-ink-muted">{t("none")}</CardSection>
      ) : (
        <ul className="divide-y border-t text-sm">
          {booking.receipt.map((line) => (
            <ReceiptEntry key={line.calendarId} line={line} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ReceiptEntry({ line }: { line: ReceiptLine }) {
  const t = useTranslations("bookings.receipt");
  const format = useFormatter();
  const Icon = icons[line.state];
  const time =
    line.syncedAt === null
      ? ""
      : format.dateTime(new Date(line.syncedAt), { dateStyle: "medium", timeStyle: "short" });
  return (
    <li className="flex items-start gap-3 px-4 py-3 sm:px-6">
      <Icon
        aria-hidden
        className={`mt-0.5 size-4.5 shrink-0 ${line.state === "stale" || line.state === "unknown" ? "text-warning" : "text-success"}`}
      />
      <p className="min-w-0 wrap-anywhere">
        <span className="font-medium">{line.name ?? t("gone")}</span>
        <span className="block text-ink-muted">
          {line.syncedAt === null && line.state !== "live" ? t("unknown") : t(line.state, { time })}
        </span>
      </p>
    </li>
  );
}

import { CalendarX2 } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Link } from "@/app/_components/link";
import { PROVIDER_TITLES } from "@/app/_components/provider-name";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";
import { requireCtx } from "@/app/_session/gate";
import { listBulkChanges } from "@/lib/bookings/bulk-changes";

/** More would only push the page away; the others follow when these are decided. */
const MOST = 3;

/** Above the pages where it would surprise: calendars that emptied or changed at once, and wait for a word. */
export async function BulkChangeNotices() {
  const ctx = await requireCtx();
  const [t, { data }] = await Promise.all([
    getTranslations("bulkChange"),
    listBulkChanges(ctx, { status: "open" }, { limit: MOST, cursor: null }),
  ]);
  if (data.length === 0) return null;
  return (
    <section aria-label={t("banner.label")} className="mb-6 space-y-3">
      {data.map(({ id, kind, provider, calendarName, accountEmail }) => (
        <Alert
          action={
            <Button asChild size="sm">
              <Link href={`/integrations/changes/${id}`}>{t("banner.action")}</Link>
            </Button>
          }
          icon={CalendarX2}
          key={id}
          title={t(`heading.${kind}`, { vendor: PROVIDER_TITLES[provider], calendar: calendarName })}
          tone="warning"
        >
          {/* A main calendar is called like its account. */}
          <p>
            {calendarName !== accountEmail && <span className="block text-ink-muted">{accountEmail}</span>}
            {t("banner.effect")}
          </p>
        </Alert>
      ))}
    </section>
  );
}

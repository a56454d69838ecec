import { Bell, BellOff, Eye, Pencil, TriangleAlert, UserRound } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { RelativeTime } from "@/app/_components/relative-time";
import { StatusBadge, type StatusLook } from "@/app/_components/status-badge";
import { Alert } from "@/app/_components/ui/alert";
import { Badge } from "@/app/_components/ui/badge";
import { CardHeading } from "@/app/_components/ui/card";
import { CalendarSwitch } from "@/app/(dashboard)/integrations/_components/calendar-switch";
import { CalendarTest } from "@/app/(dashboard)/integrations/_components/calendar-test";
import type {
  CalendarView,
  IntegrationActions,
} from "@/app/(dashboard)/integrations/_components/integration-view";

const stateLooks: Record<CalendarView["state"], StatusLook> = {
  ok: "ok",
  syncing: "working",
  delayed: "delayed",
  failed: "failed",
};

const accessIcons = { owner: UserRound, writer: Pencil, reader: Eye };

interface CalendarListProps {
  integrationId: string;
  calendars: CalendarView[];
  /** The vendor's name, as in "Google". */
  product: string;
  importEnabled: boolean;
  disabled: boolean;
  /** The account works, so a test could say something. */
  testable: boolean;
  checkCalendar: IntegrationActions["checkCalendar"];
  testCalendar: IntegrationActions["testCalendar"];
}

/** Every calendar of an account, and which of them block the owner's availability. */
export function CalendarList(props: CalendarListProps) {
  const {
    integrationId,
    calendars,
    product,
    importEnabled,
    disabled,
    testable,
    checkCalendar,
    testCalendar,
  } = props;
  const t = useTranslations("integrations.calendars");
  const noneChecked = importEnabled && calendars.every((calendar) => !calendar.checkForConflicts);
  return (
    <div>
      <div className="flex items-baseline justify-between gap-4">
        <CardHeading>{t("title")}</CardHeading>
        <p aria-hidden className="text-right text-xs text-ink-muted">
          {t("blocksColumn")}
        </p>
      </div>
      {noneChecked && (
        <Alert className="mt-3" icon={TriangleAlert} title={t("noneChecked.title")} tone="warning">
          {t("noneChecked.body")}
        </Alert>
      )}
      <ul className="mt-2 divide-y">
        {calendars.map((calendar) => (
          <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-3 last:pb-0" key={calendar.id}>
            <span
              aria-hidden
              className="size-3 shrink-0 rounded-full ring-1 ring-ink/15"
              style={{ backgroundColor: calendar.color ?? "var(--line-strong)" }}
            />
            <CalendarFacts calendar={calendar} product={product} />
            <CalendarSwitch
              calendarId={calendar.id}
              checkCalendar={checkCalendar}
              checked={calendar.checkForConflicts}
              disabled={disabled || !importEnabled}
              integrationId={integrationId}
              label={t("blocks", { name: calendar.name })}
            />
            <CalendarTest
              calendar={calendar}
              disabled={!testable}
              integrationId={integrationId}
              product={product}
              testCalendar={testCalendar}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

function CalendarFacts({ calendar, product }: { calendar: CalendarView; product: string }) {
  const t = useTranslations("integrations.calendars");
  const AccessIcon = accessIcons[calendar.access];
  return (
    <div className="min-w-0 flex-1">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="min-w-0 truncate font-medium">{calendar.name}</span>
        {calendar.primary && <Badge>{t("primary")}</Badge>}
        <Badge>
          <AccessIcon aria-hidden />
          {t(`access.${calendar.access}`)}
        </Badge>
      </p>
      {calendar.checkForConflicts && (
        <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-muted">
          <StatusBadge look={stateLooks[calendar.state]}>{t(`state.${calendar.state}`)}</StatusBadge>
          <span>
            {calendar.lastSyncedAt === null
              ? t("neverChecked")
              : t.rich("checked", { time: () => <RelativeTime at={calendar.lastSyncedAt ?? ""} /> })}
          </span>
          <PushNote calendar={calendar} product={product} />
        </div>
      )}
    </div>
  );
}

/** Who tells us of changes, until when, and how fast the last one was here. Nothing where nobody is to tell. */
function PushNote({ calendar, product }: { calendar: CalendarView; product: string }) {
  const t = useTranslations("integrations.calendars");
  const format = useFormatter();
  const { push, pushExpiresAt, pushDelayMs, lastChangeAt } = calendar;
  if (push === "off") return null;
  const active = push === "active" && pushExpiresAt !== null;
  const Icon = active ? Bell : BellOff;
  const date = active ? format.dateTime(new Date(pushExpiresAt), { day: "numeric", month: "long" }) : "";
  const seconds = pushDelayMs === null ? null : format.number(pushDelayMs / 1_000, fineness(pushDelayMs));
  return (
    <>
      <span className="inline-flex items-start gap-1">
        <Icon aria-hidden className="mt-px size-3.5 shrink-0" />
        {t(`push.${push}`, { product, date })}
      </span>
      {active && seconds !== null && (
        <span>{t(lastChangeAt === null ? "lastTestDelay" : "lastDelay", { seconds })}</span>
      )}
    </>
  );
}

/** Tenths where they say something. */
function fineness(ms: number) {
  return { maximumFractionDigits: ms < 10_000 ? 1 : 0 };
}

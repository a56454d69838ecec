import { CircleAlert, CircleSlash, Info, type LucideIcon, ShieldBan } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Link } from "@/app/_components/link";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";
import { DecideButtons } from "@/app/(dashboard)/calendar/_components/blocking-controls";
import { WhyDialog } from "@/app/(dashboard)/calendar/_components/why-dialog";
import { WhyForm } from "@/app/(dashboard)/calendar/_components/why-form";
import type { NamedReason, Why } from "@/app/(dashboard)/calendar/read-why";
import type { ReasonFix } from "@/lib/reporting/explain-reason";

const HOURS = { hour: "numeric", minute: "2-digit" } as const;
const DAY = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;

/** Why a stretch of time can be booked or not: every rule, event and booking that has a say, and what changes it. */
export function Explanation({ why, here }: { why: Why; here: string }) {
  const t = useTranslations("calendar.why");
  const format = useFormatter();
  const { wish, services, answer } = why;
  return (
    <WhyDialog
      closeLabel={t("close")}
      description={
        answer === null
          ? t("description")
          : format.dateTimeRange(answer.time.start, answer.time.end, { ...DAY, ...HOURS })
      }
      here={here}
      title={t("title")}
    >
      <WhyForm here={here} services={services} wish={wish} />
      <div aria-live="polite" className="mt-5">
        {answer === null ? (
          <Alert icon={CircleAlert} title={t("backwards")} tone="danger" />
        ) : (
          <>
            <Alert
              icon={answer.free ? CircleSlash : ShieldBan}
              title={t(answer.free ? "free" : "blocked")}
              tone={answer.free ? "success" : "info"}
            >
              {answer.reasons.length === 0 ? <p>{t("nothing")}</p> : undefined}
            </Alert>
            <ul className="mt-3 divide-y">
              {answer.reasons.map((reason, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: reasons have no name of their own
                <ReasonLine key={index} reason={reason} />
              ))}
            </ul>
          </>
        )}
      </div>
    </WhyDialog>
  );
}

function ReasonLine({ reason }: { reason: NamedReason }) {
  const t = useTranslations("calendar.why");
  const format = useFormatter();
  const { code, subject, blocks, calendarName, start, end, learnedAt, fix } = reason;
  const Icon: LucideIcon = blocks ? ShieldBan : Info;
  const name = subject === null ? null : t("named", { name: subject });
  const unnamed = t(`unnamed.${reason.source}`, { calendar: calendarName ?? "" });
  const facts = [
    start !== null && end !== null && format.dateTimeRange(new Date(start), new Date(end), HOURS),
    name !== null && reason.source === "external" && calendarName,
    learnedAt !== null &&
      t(reason.source === "calendar" ? "read" : "learned", {
        time: format.dateTime(new Date(learnedAt), { day: "numeric", month: "short", ...HOURS }),
      }),
  ].filter((fact) => typeof fact === "string");
  return (
    <li className="flex gap-3 py-3 text-sm">
      <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ink-muted" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56 wrap-anywhere">
          <p>
            {t(`reason.${code}`, { thing: name ?? unnamed })}{" "}
            {!blocks && code.startsWith("event_") && (
              <span className="text-ink-muted">{t("takesNoTime")}</span>
            )}
          </p>
          {facts.length > 0 && <p className="text-xs text-ink-muted">{facts.join(" · ")}</p>}
        </div>
        {fix !== null && <Remedy fix={fix} />}
      </div>
    </li>
  );
}

/** The one click that changes it, or the way to where it is changed. */
function Remedy({ fix }: { fix: ReasonFix }) {
  const t = useTranslations("calendar.why.fix");
  // Time off is deleted where it stands, after a second question.
  if (fix.action === "delete_time_off") return null;
  if (fix.action === "override_event") return <DecideButtons choices={[fix.blocks]} id={fix.eventId} />;
  return (
    <Button asChild size="sm">
      <Link href={addressOf(fix)}>{t(fix.action)}</Link>
    </Button>
  );
}

function addressOf(fix: Exclude<ReasonFix, { action: "override_event" | "delete_time_off" }>): string {
  switch (fix.action) {
    case "change_working_hours":
      return "/hours";
    case "change_service":
      return `/services/${fix.serviceId}`;
    case "decide_bulk_change":
      return `/integrations/changes/${fix.id}`;
    case "move_booking":
      return `/bookings/${fix.bookingId}`;
    default:
      return `/integrations#integration-${fix.integrationId}`;
  }
}

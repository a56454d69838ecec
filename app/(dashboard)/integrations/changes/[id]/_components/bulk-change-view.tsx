import { CheckCircle2, CircleAlert, Hand, ShieldBan, ShieldCheck } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { PageHeader } from "@/app/_components/page-header";
import { PROVIDER_TITLES } from "@/app/_components/provider-name";
import { Alert } from "@/app/_components/ui/alert";
import { ChangedEvents } from "@/app/(dashboard)/integrations/changes/[id]/_components/changed-events";
import { Choices } from "@/app/(dashboard)/integrations/changes/[id]/_components/choices";
import { ConcernedBookings } from "@/app/(dashboard)/integrations/changes/[id]/_components/concerned-bookings";
import type { BulkChangeDetail } from "@/lib/bookings/bulk-changes";

const MINUTE_MS = 60_000;

const LOOKS = {
  open: { icon: Hand, tone: "warning" },
  held: { icon: ShieldBan, tone: "info" },
  accepted: { icon: ShieldCheck, tone: "neutral" },
} as const;

const DONE = { accept: "accepted", hold: "held", restore: "restored" } as const;

interface BulkChangeViewProps {
  change: BulkChangeDetail;
  /** The choice that was just made, and a refusal's code, from the address. */
  done: string | null;
  refused: string | null;
}

/** What happened to a calendar, what follows from it, and what its owner can say to it. */
export function BulkChangeView({ change, done, refused }: BulkChangeViewProps) {
  const t = useTranslations("bulkChange");
  const { kind, status, provider, calendarName, before, gone, moved, heldTimes } = change;
  const vendor = PROVIDER_TITLES[provider];
  const { icon, tone } = LOOKS[status];
  const minutes = Math.round((Date.parse(change.through) - Date.parse(change.since)) / MINUTE_MS);
  return (
    <div className="max-w-3xl">
      <PageHeader
        back={{ href: "/integrations", label: t("back") }}
        description={t("summary", { lost: gone + moved, before, minutes })}
        title={t(`heading.${kind}`, { vendor, calendar: calendarName })}
      />
      <div className="space-y-6">
        <Outcome done={done} refused={refused} />
        <Alert icon={icon} title={t(`status.${status}`)} tone={tone}>
          <p>{status === "held" ? t("heldTimes", { count: heldTimes }) : t("meaning", { vendor })}</p>
        </Alert>
        <Facts change={change} />
        {status !== "accepted" && <Choices change={change} vendor={vendor} />}
        <ConcernedBookings bookings={change.bookings} calendar={calendarName} />
        <ChangedEvents events={change.events} more={change.moreEvents} />
      </div>
    </div>
  );
}

function Outcome({ done, refused }: { done: string | null; refused: string | null }) {
  const t = useTranslations("bulkChange.done");
  const tErrors = useTranslations("errors.code");
  if (refused !== null) {
    const code = tErrors.has(refused as never) ? refused : "internal";
    return <Alert icon={CircleAlert} role="alert" title={tErrors(code as never)} tone="danger" />;
  }
  const said = Object.entries(DONE).find(([choice]) => choice === done)?.[1];
  if (said === undefined) return null;
  return <Alert icon={CheckCircle2} role="status" title={t(said)} tone="success" />;
}

function Facts({ change }: { change: BulkChangeDetail }) {
  const t = useTranslations("bulkChange.facts");
  const format = useFormatter();
  const [since, through] = [new Date(change.since), new Date(change.through)];
  const facts = [
    [t("calendar"), change.calendarName],
    // A main calendar is called like its account.
    ...(change.calendarName === change.accountEmail ? [] : [[t("account"), change.accountEmail] as const]),
    [t("when"), format.dateTimeRange(since, through, { dateStyle: "medium", timeStyle: "short" })],
    [t("gone"), format.number(change.gone)],
    [t("moved"), format.number(change.moved)],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-x-8 gap-y-4 rounded-card border bg-surface p-4 text-sm shadow-card sm:p-6">
      {facts.map(([term, fact]) => (
        <div key={term}>
          <dt className="text-xs text-ink-muted">{term}</dt>
          <dd className="wrap-anywhere">{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

import { CheckCircle2, CircleAlert, Hand, PencilLine, ShieldBan, ShieldCheck } from "lucide-react";
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

/** The choice that leads to a status. */
const SAID = { open: null, held: "hold", accepted: "accept" } as const;

interface BulkChangeViewProps {
  change: BulkChangeDetail;
  /** The choice that was just made, and a refusal's code, from the address. */
  done: string | null;
  refused: string | null;
}

/** What happened to a calendar, what follows from it, and what its owner can say to it. */
export function BulkChangeView({ change, done, refused }: BulkChangeViewProps) {
  const t = useTranslations("bulkChange");
  const { kind, status, provider, calendarName, before, gone, moved } = change;
  const vendor = PROVIDER_TITLES[provider];
  const minutes = Math.round((Date.parse(change.through) - Date.parse(change.since)) / MINUTE_MS);
  return (
    <div className="max-w-3xl">
      <PageHeader
        back={{ href: "/integrations", label: t("back") }}
        description={t("summary", { lost: gone + moved, before, minutes })}
        title={t(`heading.${kind}`, { vendor, calendar: calendarName })}
        zoneOf="times"
      />
      <div className="space-y-6">
        <Outcome change={change} done={done} refused={refused} />
        <Status change={change} justSaid={done === SAID[status]} vendor={vendor} />
        <Facts change={change} />
        {status !== "accepted" && <Choices change={change} vendor={vendor} />}
        <ConcernedBookings bookings={change.bookings} calendar={calendarName} />
        <ChangedEvents events={change.events} more={change.moreEvents} />
      </div>
    </div>
  );
}

interface StatusProps {
  change: BulkChangeDetail;
  /** This page answers the choice that led here. */
  justSaid: boolean;
  vendor: string;
}

/** How it stands. Right after a choice that is also the answer to it, so that nothing is said twice. */
function Status({ change: { status, heldTimes }, justSaid, vendor }: StatusProps) {
  const t = useTranslations("bulkChange");
  const body = {
    open: t("meaning", { vendor }),
    held: t("heldTimes", { count: heldTimes }),
    accepted: t("settled"),
  };
  const said = justSaid && status !== "open";
  const { icon, tone } = said ? { icon: CheckCircle2, tone: "success" as const } : LOOKS[status];
  return (
    <Alert
      icon={icon}
      {...(said && { role: "status" })}
      title={t(said ? `done.${status}` : `status.${status}`)}
      tone={tone}
    >
      <p>{body[status]}</p>
    </Alert>
  );
}

interface OutcomeProps extends Pick<BulkChangeViewProps, "change" | "done" | "refused"> {}

/** What came of the last choice where the status does not tell: a refusal, or how far putting back is. */
function Outcome({ change, done, refused }: OutcomeProps) {
  const t = useTranslations("bulkChange.done");
  const tErrors = useTranslations("errors.code");
  if (refused !== null) {
    const code = tErrors.has(refused as never) ? refused : "internal";
    return <Alert icon={CircleAlert} role="alert" title={tErrors(code as never)} tone="danger" />;
  }
  if (done !== "restore") return null;
  const wanted = change.bookings.filter(({ status }) => status === "confirmed");
  if (wanted.every(({ event }) => event.status === "synced" && event.code === null))
    return <Alert icon={CheckCircle2} role="status" title={t("back")} tone="success" />;
  if (wanted.some(({ event }) => event.status === "failed")) return null;
  return <Alert icon={PencilLine} role="status" title={t("restored")} tone="info" />;
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

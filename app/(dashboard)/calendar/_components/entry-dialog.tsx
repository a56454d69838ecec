"use client";

import {
  ArrowRight,
  CalendarDays,
  CircleSlash,
  type LucideIcon,
  MapPin,
  ShieldBan,
  TriangleAlert,
  Users,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { type CSSProperties, type ReactNode, useState } from "react";
import { cn } from "@/app/_components/cn";
import { Link } from "@/app/_components/link";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";
import { Dialog } from "@/app/_components/ui/dialog";
import { BlockingControls } from "@/app/(dashboard)/calendar/_components/blocking-controls";
import type { EntryDetails } from "@/app/(dashboard)/calendar/_components/entry-details";
import { RemoveTimeOff } from "@/app/(dashboard)/calendar/_components/remove-time-off";

interface EntryDialogProps {
  details: EntryDetails;
  className: string;
  style?: CSSProperties;
  children: ReactNode;
}

/** A button that opens an entry: where it stands, why it blocks or not, and what can be done about it. */
export function EntryDialog({ details, className, style, children }: EntryDialogProps) {
  const t = useTranslations("calendar.entry");
  const [open, setOpen] = useState(false);
  const { calendar, attendees, bookingId, trouble } = details;
  return (
    <Dialog
      closeLabel={t("close")}
      description={details.when}
      onOpenChange={setOpen}
      open={open}
      title={details.title}
      trigger={
        <button className={className} style={style} type="button">
          {children}
        </button>
      }
    >
      <Verdict blocks={details.blocks} reason={details.reason} />
      {trouble !== null && (
        <Alert className="mt-3" icon={TriangleAlert} title={trouble.message} tone="warning">
          <p>{trouble.fix}</p>
        </Alert>
      )}
      <dl className="mt-5 space-y-3 text-sm">
        {calendar !== null && (
          <Fact icon={CalendarDays} term={t("calendar")}>
            {calendar.name}
            <span className="block text-ink-muted">{calendar.account}</span>
          </Fact>
        )}
        {details.location !== null && (
          <Fact icon={MapPin} term={t("location")}>
            {details.location}
          </Fact>
        )}
        {attendees.length > 0 && (
          <Fact icon={Users} term={t("attendees", { count: attendees.length })}>
            <ul className="max-h-40 overflow-y-auto">
              {attendees.map(({ who, response }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two guests may bear the same name
                <li key={index}>
                  <span className="wrap-anywhere">{who}</span>{" "}
                  <span className="text-ink-muted">– {response}</span>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
      {bookingId !== null && (
        <Button asChild className="mt-6" variant="primary">
          <Link href={`/bookings/${bookingId}`}>
            {t("openBooking")}
            <ArrowRight aria-hidden />
          </Link>
        </Button>
      )}
      {details.changeId !== null && (
        <Button asChild className="mt-6" variant="primary">
          <Link href={`/integrations/changes/${details.changeId}`}>
            {t("openChange")}
            <ArrowRight aria-hidden />
          </Link>
        </Button>
      )}
      {details.choices.length > 0 && <BlockingControls choices={details.choices} id={details.id} />}
      {details.source === "manual" && <RemoveTimeOff id={details.id} onRemoved={() => setOpen(false)} />}
    </Dialog>
  );
}

function Verdict({ blocks, reason }: { blocks: boolean; reason: string }) {
  const t = useTranslations("calendar.entry");
  const Icon = blocks ? ShieldBan : CircleSlash;
  return (
    <div
      aria-live="polite"
      className={cn(
        "flex gap-3 rounded-control px-4 py-3 text-sm",
        blocks ? "bg-info-soft" : "bg-neutral-soft",
      )}
    >
      <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ink-muted" />
      <div>
        <p className="font-semibold">{t(blocks ? "blocks" : "free")}</p>
        <p>{reason}</p>
      </div>
    </div>
  );
}

interface FactProps {
  icon: LucideIcon;
  term: string;
  children: ReactNode;
}

function Fact({ icon: Icon, term, children }: FactProps) {
  return (
    <div className="flex gap-3">
      <dt className="shrink-0">
        <Icon aria-hidden className="mt-0.5 size-4.5 text-ink-muted" />
        <span className="sr-only">{term}</span>
      </dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}

"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { cn } from "@/app/_components/cn";
import { TimeZoneField } from "@/app/_components/time-zone-field";
import type { TimeZoneGroup } from "@/app/_components/time-zones";
import { Button } from "@/app/_components/ui/button";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";
import { toast } from "@/app/_components/ui/toast";
import { useLeaveWarning } from "@/app/_components/use-leave-warning";
import { type Refusal, useRefusalWords } from "@/app/_components/use-refusal-words";
import { ExceptionList } from "@/app/(dashboard)/hours/_components/exception-list";
import { WeekEditor } from "@/app/(dashboard)/hours/_components/week-editor";
import { saveHours } from "@/app/(dashboard)/hours/actions";
import {
  faultsNamed,
  faultsOf,
  type Hours,
  type HoursFaults,
  inOrder,
  sameHours,
} from "@/app/(dashboard)/hours/hours";

interface HoursFormProps {
  saved: Hours;
  /** The person's own day, `YYYY-MM-DD`. */
  today: string;
  zones: TimeZoneGroup[];
}

/** The week, its exceptions and their zone, saved together. News from elsewhere never takes what is being edited. */
export function HoursForm({ saved, today, zones }: HoursFormProps) {
  const t = useTranslations("hours");
  const inWords = useRefusalWords();
  const [base, setBase] = useState(saved);
  const [hours, setHours] = useState(saved);
  const [faults, setFaults] = useState<HoursFaults>({});
  const [zoneFault, setZoneFault] = useState(false);
  /** Newer hours were met while saving: `waiting` until they are here, `met` until their owner decided. */
  const [overtaken, setOvertaken] = useState<"waiting" | "met" | null>(null);
  const [pending, startTransition] = useTransition();
  const router = useRouter();
  const changed = !sameHours(hours, base);
  useLeaveWarning(changed);

  if (!sameHours(saved, base) && !pending && (overtaken === "waiting" || !changed)) {
    setBase(saved);
    if (overtaken === "waiting") setOvertaken("met");
    // What was typed stays for its owner to decide; a zone they never touched follows.
    const timeZone = hours.timeZone === base.timeZone ? saved.timeZone : hours.timeZone;
    setHours(overtaken === "waiting" ? { ...hours, timeZone } : saved);
  }

  function change(next: Partial<Hours>) {
    setHours({ ...hours, ...next });
    setFaults({});
  }

  function point(found: HoursFaults) {
    setFaults(found);
    const first = Object.keys(found)[0];
    document.querySelector<HTMLElement>(`[data-place="${first}"] input:not([role=switch])`)?.focus();
  }

  function refuse(refusal: Refusal) {
    if (refusal.code === "version_conflict") {
      setOvertaken("waiting");
      return router.refresh();
    }
    const paths = refusal.fields?.map(({ path }) => path) ?? [];
    const found = faultsNamed(paths);
    setZoneFault(paths.includes("timeZone"));
    if (Object.keys(found).length > 0) point(found);
    else toast.error(inWords(refusal));
  }

  function save() {
    const found = faultsOf(hours);
    if (Object.keys(found).length > 0) return point(found);
    if (!changed) return toast.info(t("unchanged"));
    const sent = inOrder(hours);
    startTransition(async () => {
      const answer = await saveHours({ hours: sent, seen: base });
      if (!answer.ok) return refuse(answer.error);
      setBase(sent);
      setHours(sent);
      setOvertaken(null);
      setZoneFault(false);
      toast.success(t("saved"));
    });
  }

  return (
    <form
      className="space-y-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Card aria-labelledby="week">
        <SectionHeading hint={t("week.hint")} id="week" title={t("week.title")} />
        <WeekEditor faults={faults} onChange={(weekly) => change({ weekly })} weekly={hours.weekly} />
      </Card>
      <Card aria-labelledby="exceptions">
        <SectionHeading hint={t("exceptions.hint")} id="exceptions" title={t("exceptions.title")} />
        <ExceptionList
          exceptions={hours.exceptions}
          faults={faults}
          onChange={(exceptions) => change({ exceptions })}
          today={today}
        />
      </Card>
      <Card aria-labelledby="zone">
        <SectionHeading hint={t("zone.hint")} id="zone" title={t("zone.title")} />
        <CardSection>
          <TimeZoneField
            fault={zoneFault}
            key={base.timeZone}
            onChange={(timeZone) => change({ timeZone })}
            saved={base.timeZone}
            zones={zones}
          />
        </CardSection>
      </Card>
      <div
        className={cn(
          "flex flex-wrap items-center gap-x-4 gap-y-2",
          changed &&
            "sticky bottom-20 z-10 rounded-card border bg-surface px-4 py-3 shadow-pop sm:px-6 md:bottom-4",
        )}
      >
        <p
          aria-live="polite"
          className={cn(
            "min-w-0 flex-1 basis-56 text-sm",
            overtaken === null && "text-ink-muted",
            !changed && "sr-only",
          )}
        >
          {changed && t(overtaken === null ? "unsaved" : "overtaken")}
        </p>
        {changed && (
          <Button
            disabled={pending}
            onClick={() => {
              change(base);
              setOvertaken(null);
            }}
            variant="ghost"
          >
            {t("discard")}
          </Button>
        )}
        <Button disabled={pending} type="submit" variant="primary">
          {pending ? t("saving") : t("save")}
        </Button>
      </div>
    </form>
  );
}

function SectionHeading({ id, title, hint }: { id: string; title: string; hint: string }) {
  return (
    <CardHeader className="pb-4 sm:pb-4">
      <div>
        <h2 className="text-lg font-semibold" id={id}>
          {title}
        </h2>
        <p className="text-sm text-ink-muted">{hint}</p>
      </div>
    </CardHeader>
  );
}

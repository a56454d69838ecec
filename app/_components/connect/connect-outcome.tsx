import {
  BadgeCheck,
  Building2,
  CloudOff,
  Hourglass,
  KeyRound,
  Link2Off,
  ListChecks,
  type LucideIcon,
  ShieldQuestion,
  UserRoundX,
  Wrench,
  X,
} from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/app/_components/cn";
import { isOutcomeReason, type Outcome } from "@/app/_components/connect/outcomes";
import { type ProviderName, useCalendarProducts } from "@/app/_components/provider-name";
import { Button } from "@/app/_components/ui/button";

type Mood = "good" | "calm" | "warning" | "bad";

const looks: Record<Outcome, { icon: LucideIcon; mood: Mood }> = {
  connected: { icon: BadgeCheck, mood: "good" },
  limited: { icon: ListChecks, mood: "warning" },
  missing_scope: { icon: ListChecks, mood: "warning" },
  denied: { icon: X, mood: "calm" },
  closed: { icon: X, mood: "calm" },
  expired: { icon: Hourglass, mood: "calm" },
  state_mismatch: { icon: ShieldQuestion, mood: "bad" },
  wrong_account: { icon: UserRoundX, mood: "warning" },
  already_linked: { icon: Link2Off, mood: "warning" },
  admin_approval: { icon: KeyRound, mood: "warning" },
  policy: { icon: Building2, mood: "warning" },
  provider_down: { icon: CloudOff, mood: "warning" },
  misconfigured: { icon: Wrench, mood: "bad" },
};

const moods: Record<Mood, string> = {
  good: "bg-success-soft text-success",
  calm: "bg-neutral-soft text-neutral",
  warning: "bg-warning-soft text-warning",
  bad: "bg-danger-soft text-danger",
};

interface ConnectOutcomeProps {
  outcome: Outcome;
  /** From the address; some endings have a closer cause than their outcome says. */
  reason?: string | null;
  provider: ProviderName;
  /** What starts again, e.g. a `ConnectLink`; leave it out where trying again changes nothing. */
  retry?: ReactNode;
  /** From `SUPPORT_URL`; null hides the link. */
  supportUrl: string | null;
  /** The organization's own words, for `policy`. */
  policyMessage?: string | null;
  onDismissHref?: string;
  className?: string;
}

/** One designed ending of a consent: what happened, why, what to do next, a retry and a way to support. */
export function ConnectOutcome(props: ConnectOutcomeProps) {
  const { outcome, reason, provider, retry, supportUrl, policyMessage, onDismissHref, className } = props;
  const t = useTranslations("connect");
  const values = { provider: useCalendarProducts()[provider] };
  const { icon: Icon, mood } = looks[outcome];
  const isCloser = outcome === "wrong_account" || outcome === "closed";
  const words = isCloser && isOutcomeReason(reason) ? reason : outcome;
  return (
    <section
      aria-labelledby="connect-outcome"
      className={cn("rounded-card border bg-surface p-5 shadow-card sm:p-6", className)}
      data-connect-outcome={outcome}
      role={mood === "bad" ? "alert" : "status"}
    >
      <div className="flex items-start gap-4">
        <span className={cn("grid size-10 shrink-0 place-items-center rounded-full", moods[mood])}>
          <Icon aria-hidden className="size-5" />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="pt-1.5 text-lg font-semibold" id="connect-outcome">
            {t(`outcome.${words}.title`, values)}
          </h2>
          <p className="mt-1">{t(`outcome.${words}.cause`, values)}</p>
          {policyMessage && (
            <blockquote className="mt-3 border-l-2 border-line-strong pl-3 text-ink-muted">
              {policyMessage}
            </blockquote>
          )}
          <p className="mt-3 text-sm">
            <strong className="font-semibold">{t("nextStep")}</strong> {t(`outcome.${words}.next`, values)}
          </p>
          <div className="mt-5 flex flex-wrap items-center gap-3 empty:hidden">
            {retry}
            {onDismissHref !== undefined && (
              <Button asChild variant="ghost">
                <a href={onDismissHref}>{t("dismiss")}</a>
              </Button>
            )}
            {supportUrl !== null && mood !== "good" && (
              <a
                className="inline-flex min-h-6 items-center text-sm text-brand underline underline-offset-4"
                href={supportUrl}
                rel="noreferrer"
                target="_blank"
              >
                {t("support")}
              </a>
            )}
          </div>
        </div>
      </div>
    </section>
  );
}

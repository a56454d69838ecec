import { Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { RelativeTime } from "@/app/_components/relative-time";

export interface ConnectionBannerProps {
  cause: string;
  /** RFC 3339 instant; null when it is not known. */
  since: string | null;
  effect: string;
  action: ReactNode;
}

/** On every page while a connection is dead: what happened, since when, what it means, one way out. */
export function ConnectionBanner({ cause, since, effect, action }: ConnectionBannerProps) {
  const t = useTranslations("shell");
  return (
    <section
      aria-label={t("connectionProblem")}
      data-banner="connections"
      className="border-b border-danger/25 bg-danger-soft px-4 py-3 sm:px-8"
    >
      <div className="mx-auto flex max-w-5xl flex-wrap items-center gap-x-6 gap-y-3">
        <Unplug aria-hidden className="hidden size-5 shrink-0 text-danger sm:block" />
        <p className="min-w-0 flex-1 basis-72 text-sm">
          <strong className="font-semibold">{cause}</strong>
          {since !== null && (
            <span className="text-ink-muted">
              {" "}
              <RelativeTime at={since} />
            </span>
          )}
          <span className="block">{effect}</span>
        </p>
        {action}
      </div>
    </section>
  );
}

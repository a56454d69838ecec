import { useTranslations } from "next-intl";
import { cn } from "@/app/_components/cn";
import type { LiveState } from "@/app/_components/live/live-signal";

const dots: Record<LiveState, string> = {
  live: "bg-success",
  connecting: "bg-info animate-pulse",
  polling: "bg-warning",
  offline: "border-2 border-danger",
};

/** Whether this page hears of changes by itself. */
export function LiveIndicator({ state }: { state: LiveState }) {
  const t = useTranslations("shell");
  return (
    <p
      className="flex items-center gap-2 text-xs text-ink-muted"
      role="status"
      title={t(`live.${state}.hint`)}
    >
      <span aria-hidden className={cn("size-2 rounded-full", dots[state])} />
      {t(`live.${state}.label`)}
    </p>
  );
}

import { CalendarDays, Mail } from "lucide-react";
import { cn } from "@/app/_components/cn";
import type { ProviderName } from "@/app/_components/provider-name";

const marks = {
  google: { icon: CalendarDays, look: "bg-info-soft text-info" },
  microsoft: { icon: Mail, look: "bg-brand-soft text-brand-ink" },
};

/** A neutral sign beside a vendor's name; vendors' own logos come with rules about their surroundings. */
export function ProviderMark({ provider, className }: { provider: ProviderName; className?: string }) {
  const { icon: Icon, look } = marks[provider];
  return (
    <span
      aria-hidden
      className={cn("grid size-11 shrink-0 place-items-center rounded-control", look, className)}
    >
      <Icon className="size-5.5" />
    </span>
  );
}

import { useTimeZone, useTranslations } from "next-intl";
import { cn } from "@/app/_components/cn";
import { Link } from "@/app/_components/link";

interface ZoneNoteProps {
  /** What of the page is by the clock of that zone. */
  of?: "times" | "days";
  className?: string;
}

/** In whose zone a page's times are, said once, and the way to change it: whoever travels cannot tell otherwise. */
export function ZoneNote({ of = "times", className }: ZoneNoteProps) {
  const t = useTranslations("common.zone");
  const zone = useTimeZone() ?? "UTC";
  return (
    <p className={cn("text-xs text-ink-muted", className)}>
      {t.rich(of, {
        zone: zone.replaceAll("_", " "),
        link: (label) => (
          <Link className="underline underline-offset-2 hover:text-ink" href="/settings#time-zone">
            {label}
          </Link>
        ),
      })}
    </p>
  );
}

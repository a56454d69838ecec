import { useTranslations } from "next-intl";
import { cn } from "@/app/_components/cn";
import styles from "@/app/(dashboard)/calendar/_components/calendar.module.css";
import type { Look } from "@/app/(dashboard)/calendar/_components/entry";

const looks: Look[] = ["booked", "busy", "off", "free", "moved"];

export function Legend() {
  const t = useTranslations("calendar.legend");
  return (
    <ul aria-label={t("title")} className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-xs text-ink-muted">
      {looks.map((look) => (
        <li className="flex items-center gap-2" key={look}>
          <span aria-hidden className={cn("h-4 w-6 rounded-sm", styles.look, styles[look])} />
          {t(look)}
        </li>
      ))}
    </ul>
  );
}

import { CalendarCheck2, CalendarPlus, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ProviderName } from "@/app/_components/provider-name";

const parts = [
  { key: "read", icon: CalendarCheck2 },
  { key: "write", icon: CalendarPlus },
  { key: "never", icon: EyeOff },
] as const;

/** In plain words, before anybody is asked: what is read, what is written, what is never seen. */
export function PermissionSummary({ provider }: { provider: ProviderName }) {
  const t = useTranslations("connect.permissions");
  return (
    <ul className="grid gap-4 sm:grid-cols-3">
      {parts.map(({ key, icon: Icon }) => (
        <li className="flex gap-3 sm:flex-col sm:gap-2" key={key}>
          <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-brand sm:mt-0" />
          <div>
            <p className="text-sm font-semibold">{t(`${key}.title`)}</p>
            <p className="text-sm text-ink-muted">{t(`${key}.${provider}`)}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

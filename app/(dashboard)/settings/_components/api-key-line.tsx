import { KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { RelativeTime } from "@/app/_components/relative-time";
import { Badge } from "@/app/_components/ui/badge";
import { RevokeApiKey } from "@/app/(dashboard)/settings/_components/revoke-api-key";
import type { ApiKeyView } from "@/lib/organizations/list-api-keys";

export function ApiKeyLine({ apiKey }: { apiKey: ApiKeyView }) {
  const t = useTranslations("settings.keys");
  const { id, prefix, scopes, createdAt, lastUsedAt } = apiKey;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-4 sm:px-6">
      <KeyRound aria-hidden className="hidden size-5 shrink-0 text-ink-muted sm:block" />
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <code className="text-sm font-semibold" title={t("key", { prefix })}>
            {prefix}…
          </code>
          <span className="flex flex-wrap gap-1.5">
            {scopes.map((scope) => (
              <Badge key={scope}>{t(`scope.${scope}`)}</Badge>
            ))}
          </span>
        </p>
        <p className="mt-1 text-xs text-ink-muted">
          {t.rich("created", { time: () => <RelativeTime at={createdAt} /> })}
          {" · "}
          {lastUsedAt === null
            ? t("neverUsed")
            : t.rich("used", { time: () => <RelativeTime at={lastUsedAt} /> })}
        </p>
      </div>
      <RevokeApiKey id={id} prefix={prefix} />
    </li>
  );
}

import { useTranslations } from "next-intl";
import { PageHeader } from "@/app/_components/page-header";
import type { TimeZoneGroup } from "@/app/_components/time-zones";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";
import { ApiKeyLine } from "@/app/(dashboard)/settings/_components/api-key-line";
import { NewApiKey } from "@/app/(dashboard)/settings/_components/new-api-key";
import { ProfileForm } from "@/app/(dashboard)/settings/_components/profile-form";
import type { ApiScope } from "@/lib/organizations/context";
import type { ApiKeyView } from "@/lib/organizations/list-api-keys";
import type { Me } from "@/lib/organizations/me";

interface SettingsViewProps {
  me: Me;
  zones: TimeZoneGroup[];
  keys: ApiKeyView[];
  /** What a key of this person may be allowed. */
  scopes: ApiScope[];
}

export function SettingsView({ me, zones, keys, scopes }: SettingsViewProps) {
  const t = useTranslations("settings");
  return (
    <>
      <PageHeader description={t("description")} title={t("title")} />
      <div className="max-w-3xl space-y-6">
        <Card aria-labelledby="profile">
          <CardHeader>
            <h2 className="text-lg font-semibold" id="profile">
              {t("profile.title")}
            </h2>
          </CardHeader>
          <CardSection>
            <ProfileForm key={`${me.timeZone} ${me.locale}`} me={me} zones={zones} />
          </CardSection>
        </Card>
        <Card aria-labelledby="api-keys">
          <CardHeader>
            <div className="min-w-0 flex-1 basis-72">
              <h2 className="text-lg font-semibold" id="api-keys">
                {t("keys.title")}
              </h2>
              <p className="text-sm text-ink-muted">
                {t("keys.description")}{" "}
                <a className="underline underline-offset-2 hover:text-ink" href="/api/v1/openapi.json">
                  {t("keys.docs")}
                </a>
              </p>
            </div>
            <NewApiKey scopes={scopes} />
          </CardHeader>
          {keys.length === 0 ? (
            <CardSection className="text-sm text-ink-muted">{t("keys.none")}</CardSection>
          ) : (
            <ul className="divide-y border-t">
              {keys.map((key) => (
                <ApiKeyLine apiKey={key} key={key.id} />
              ))}
            </ul>
          )}
        </Card>
      </div>
    </>
  );
}

import { useTranslations } from "next-intl";
import { useCalendarProducts } from "@/app/_components/provider-name";
import { Button } from "@/app/_components/ui/button";
import { Card, CardHeader, CardSection } from "@/app/_components/ui/card";
import type { IntegrationActions } from "@/app/(dashboard)/integrations/_components/integration-view";
import { MoreTargets } from "@/app/(dashboard)/integrations/_components/more-targets";
import { TargetChoice } from "@/app/(dashboard)/integrations/_components/target-choice";
import type { TargetAccount } from "@/app/(dashboard)/integrations/target-accounts";

interface TargetCardProps {
  accounts: TargetAccount[];
  actions: IntegrationActions;
}

/** The one question about bookings: into which calendar they are written. Further accounts are an afterthought. */
export function TargetCard({ accounts, actions }: TargetCardProps) {
  const t = useTranslations("exports.target");
  const main = accounts.find(({ target }) => target !== null);
  const others = accounts.filter(
    ({ integrationId, hindrance, target }) =>
      integrationId !== main?.integrationId && (hindrance === null || target !== null),
  );
  const hindered = accounts.filter(({ hindrance }) => hindrance !== null);
  return (
    <Card aria-labelledby="add-bookings">
      <CardHeader>
        <div>
          <h2 className="text-lg font-semibold" id="add-bookings">
            {t("title")}
          </h2>
          <p className="text-sm text-ink-muted">{t("description")}</p>
        </div>
      </CardHeader>
      <CardSection className="space-y-4">
        <TargetChoice accounts={accounts} choose={actions.chooseTarget} main={main ?? null} />
        {main !== undefined && others.length > 0 && (
          <MoreTargets accounts={others} saveSettings={actions.saveSettings} />
        )}
        {hindered.length > 0 && (
          <ul className="space-y-2">
            {hindered.map((account) => (
              <Hindered account={account} key={account.integrationId} />
            ))}
          </ul>
        )}
      </CardSection>
    </Card>
  );
}

/** An account that cannot take bookings, and the way to its card, which has the button that mends it. */
function Hindered({ account }: { account: TargetAccount }) {
  const t = useTranslations("exports.target");
  const products = useCalendarProducts();
  const { integrationId, provider, name, hindrance } = account;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-neutral-soft px-4 py-3 text-sm">
      <p className="min-w-0 flex-1 basis-56 wrap-anywhere">
        <span className="font-medium">{name}</span>{" "}
        <span className="text-ink-muted">
          {t(`hindrance.${hindrance ?? "blocked"}`, { product: products[provider] })}
        </span>
      </p>
      {(hindrance === "no_permission" || hindrance === "reconnect") && (
        <Button asChild size="sm">
          <a href={`#integration-${integrationId}`}>{t("account")}</a>
        </Button>
      )}
    </li>
  );
}

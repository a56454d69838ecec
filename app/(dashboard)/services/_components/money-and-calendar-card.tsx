"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Link } from "@/app/_components/link";
import { type ProviderName, useCalendarProducts } from "@/app/_components/provider-name";
import { Alert } from "@/app/_components/ui/alert";
import { Card, CardSection } from "@/app/_components/ui/card";
import { Input, Select } from "@/app/_components/ui/field";
import { FormField } from "@/app/_components/ui/form-field";
import { FormHeading } from "@/app/(dashboard)/services/_components/form-heading";
import type { BookingTarget } from "@/app/(dashboard)/services/booking-targets";
import type { ServiceValues } from "@/app/(dashboard)/services/service";
import type { ServiceFaults } from "@/app/(dashboard)/services/service-form";

interface MoneyAndCalendarCardProps {
  service: ServiceValues;
  targets: BookingTarget[];
  currencies: string[];
  faults: ServiceFaults;
}

export function MoneyAndCalendarCard(props: MoneyAndCalendarCardProps) {
  const { service, targets, currencies, faults } = props;
  const t = useTranslations("services");
  return (
    <Card aria-labelledby="money-and-calendar">
      <FormHeading id="money-and-calendar">{t("form.moneyAndCalendar")}</FormHeading>
      <CardSection className="grid gap-5 sm:grid-cols-2">
        <FormField fault={faults.price} hint={t("form.priceHint")} label={t("form.price")} name="price">
          {(described) => (
            <span className="flex gap-3">
              <Input
                autoComplete="off"
                className="min-w-0 flex-1"
                defaultValue={service.price?.amount ?? ""}
                inputMode="decimal"
                {...described}
              />
              <Select
                aria-label={t("form.currency")}
                className="w-28"
                defaultValue={service.price?.currency ?? currencies[0]}
                name="currency"
              >
                {currencies.map((currency) => (
                  <option key={currency} value={currency}>
                    {currency}
                  </option>
                ))}
              </Select>
            </span>
          )}
        </FormField>
        <TargetField fault={faults.targetCalendarId} own={service.targetCalendarId} targets={targets} />
      </CardSection>
    </Card>
  );
}

interface TargetFieldProps {
  own: string | null;
  targets: BookingTarget[];
  fault: string | undefined;
}

/** Only writable calendars are offered; the saved one stays in the list whatever became of it, with the reason. */
function TargetField({ own, targets, fault }: TargetFieldProps) {
  const t = useTranslations("services");
  const products = useCalendarProducts();
  const [chosen, setChosen] = useState(own ?? "");
  const hindrance = targets.find(({ calendarId }) => calendarId === chosen)?.hindrance ?? null;
  const accounts = [...new Set(targets.map(({ account }) => account))];
  return (
    <div>
      <FormField fault={fault} hint={t("form.targetHint")} label={t("form.target")} name="targetCalendarId">
        {(described) => (
          <Select
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
            value={chosen}
            {...described}
          >
            <option value="">{t("form.usualTarget")}</option>
            {accounts.map((account) => (
              <optgroup key={account} label={accountLabel(account, targets, products)}>
                {targets
                  .filter((target) => target.account === account)
                  .map(({ calendarId, name, hindrance: why }) => (
                    <option key={calendarId} value={calendarId}>
                      {why === "read_only" ? `${name} (${t("targets.read_only")})` : name}
                    </option>
                  ))}
              </optgroup>
            ))}
          </Select>
        )}
      </FormField>
      <div aria-live="polite">
        {hindrance !== null && (
          <Alert
            className="mt-3"
            icon={TriangleAlert}
            title={t(`hindrance.${hindrance}.title`)}
            tone="warning"
          >
            {t.rich(`hindrance.${hindrance}.body`, {
              link: (words) => (
                <Link className="underline underline-offset-2" href="/integrations">
                  {words}
                </Link>
              ),
            })}
          </Alert>
        )}
      </div>
    </div>
  );
}

function accountLabel(
  account: string,
  targets: readonly BookingTarget[],
  products: Record<ProviderName, string>,
): string {
  const provider = targets.find((target) => target.account === account)?.provider;
  return provider === undefined ? account : `${account} · ${products[provider]}`;
}

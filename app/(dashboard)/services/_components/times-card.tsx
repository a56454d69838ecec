import { useTranslations } from "next-intl";
import { Card, CardSection } from "@/app/_components/ui/card";
import { Input, Select } from "@/app/_components/ui/field";
import { FormField } from "@/app/_components/ui/form-field";
import { useMinutesWords } from "@/app/_components/use-minutes-words";
import { FormHeading } from "@/app/(dashboard)/services/_components/form-heading";
import type { ServiceValues } from "@/app/(dashboard)/services/service";
import type { ServiceFaults } from "@/app/(dashboard)/services/service-form";

const STEPS = [5, 10, 15, 20, 30, 45, 60];
const NOTICES = [0, 30, 60, 120, 240, 720, 1_440, 2_880, 10_080];

interface TimesCardProps {
  service: ServiceValues;
  faults: ServiceFaults;
}

/** How long it takes, what surrounds it, and which starts are offered. */
export function TimesCard({ service, faults }: TimesCardProps) {
  const t = useTranslations("services.form");
  const inWords = useMinutesWords();
  const number = (name: "durationMinutes" | "bufferBeforeMinutes" | "bufferAfterMinutes" | "horizonDays") => (
    <FormField fault={faults[name]} hint={t(`${name}Hint`)} label={t(name)} name={name}>
      {(described) => (
        <Input
          defaultValue={service[name]}
          inputMode="numeric"
          min={name.startsWith("buffer") ? 0 : 1}
          type="number"
          {...described}
        />
      )}
    </FormField>
  );
  const choice = (name: "slotStepMinutes" | "noticeMinutes", usual: number[]) => (
    <FormField fault={faults[name]} hint={t(`${name}Hint`)} label={t(name)} name={name}>
      {(described) => (
        <Select defaultValue={service[name]} {...described}>
          {[...new Set([...usual, service[name]])]
            .sort((a, b) => a - b)
            .map((minutes) => (
              <option key={minutes} value={minutes}>
                {minutes === 0 ? t("noNotice") : inWords(minutes)}
              </option>
            ))}
        </Select>
      )}
    </FormField>
  );
  return (
    <Card aria-labelledby="times">
      <FormHeading id="times">{t("times")}</FormHeading>
      <CardSection className="grid gap-5 sm:grid-cols-3">
        {number("durationMinutes")}
        {number("bufferBeforeMinutes")}
        {number("bufferAfterMinutes")}
        {choice("slotStepMinutes", STEPS)}
        {choice("noticeMinutes", NOTICES)}
        {number("horizonDays")}
      </CardSection>
    </Card>
  );
}

import { ListFilter } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/app/_components/ui/button";
import { Label, Select } from "@/app/_components/ui/field";
import {
  SPANS,
  type StatisticsFilters,
} from "@/app/(dashboard)/history/statistics/_components/statistics-view-model";

interface StatisticsFiltersFormProps {
  filters: StatisticsFilters;
  accounts: { id: string; name: string }[];
}

/** A plain GET form: the filters stand in the address, so a view can be kept and shared. */
export function StatisticsFiltersForm({ filters, accounts }: StatisticsFiltersFormProps) {
  const t = useTranslations("history.statistics.filters");
  return (
    <form
      action="/history/statistics"
      aria-label={t("title")}
      className="mb-6 grid grid-cols-2 items-end gap-3 rounded-card border bg-surface p-4 sm:grid-cols-[minmax(0,18rem)_12rem_auto] sm:justify-start"
      key={`${filters.integrationId} ${filters.days}`}
    >
      <div className="min-w-0 max-sm:col-span-2">
        <Label className="mb-1 text-xs text-ink-muted" htmlFor="integrationId">
          {t("account")}
        </Label>
        <Select defaultValue={filters.integrationId} id="integrationId" name="integrationId">
          <option value="">{t("all")}</option>
          {accounts.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      <div className="min-w-0">
        <Label className="mb-1 text-xs text-ink-muted" htmlFor="days">
          {t("span")}
        </Label>
        <Select defaultValue={filters.days} id="days" name="days">
          {SPANS.map((days) => (
            <option key={days} value={days}>
              {t("days", { count: Number(days) })}
            </option>
          ))}
        </Select>
      </div>
      <Button type="submit">
        <ListFilter aria-hidden />
        {t("apply")}
      </Button>
    </form>
  );
}

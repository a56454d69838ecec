import { ListFilter } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/app/_components/cn";
import { Link } from "@/app/_components/link";
import { Button } from "@/app/_components/ui/button";
import { Input, Label, Select } from "@/app/_components/ui/field";
import {
  historyHref,
  NO_FILTERS,
  RUN_STATUSES,
  RUN_TRIGGERS,
  type RunFilters,
} from "@/app/(dashboard)/history/_components/run-view";

interface RunFiltersFormProps {
  filters: RunFilters;
  calendars: { id: string; name: string }[];
}

/** A plain GET form: the filters stand in the address, so a view can be kept and shared. */
export function RunFiltersForm({ filters, calendars }: RunFiltersFormProps) {
  const t = useTranslations("history");
  const filtered = historyHref(filters) !== historyHref(NO_FILTERS);
  return (
    <form
      action="/history"
      aria-label={t("filters.title")}
      className="mb-6 grid grid-cols-2 items-end gap-3 rounded-card border bg-surface p-4 sm:grid-cols-3 lg:grid-cols-[repeat(3,minmax(0,1fr))_repeat(2,9rem)_auto]"
      key={historyHref(filters)}
    >
      <Field id="status" label={t("filters.status")}>
        <Select defaultValue={filters.status} id="status" name="status">
          <option value="">{t("filters.any")}</option>
          {RUN_STATUSES.map((status) => (
            <option key={status} value={status}>
              {t(`status.${status}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field id="trigger" label={t("filters.trigger")}>
        <Select defaultValue={filters.trigger} id="trigger" name="trigger">
          <option value="">{t("filters.any")}</option>
          {RUN_TRIGGERS.map((trigger) => (
            <option key={trigger} value={trigger}>
              {t(`trigger.${trigger}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field id="calendarId" label={t("filters.calendar")}>
        <Select defaultValue={filters.calendarId} id="calendarId" name="calendarId">
          <option value="">{t("filters.all")}</option>
          {calendars.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field id="from" label={t("filters.from")}>
        <Input defaultValue={filters.from} id="from" name="from" type="date" />
      </Field>
      <Field id="to" label={t("filters.to")}>
        <Input defaultValue={filters.to} id="to" name="to" type="date" />
      </Field>
      <div className={cn("flex gap-2", filtered && "col-span-2 lg:col-span-1")}>
        <Button className="flex-1" type="submit">
          <ListFilter aria-hidden />
          {t("filters.apply")}
        </Button>
        {filtered && (
          <Button asChild variant="ghost">
            <Link href="/history">{t("filters.reset")}</Link>
          </Button>
        )}
      </div>
    </form>
  );
}

function Field({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <Label className="mb-1 text-xs text-ink-muted" htmlFor={id}>
        {label}
      </Label>
      {children}
    </div>
  );
}

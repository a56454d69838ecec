import { useTranslations } from "next-intl";
import type {
  CalendarView,
  IntegrationActions,
} from "@/app/(dashboard)/integrations/_components/integration-view";
import { TestCalendarButton } from "@/app/(dashboard)/integrations/_components/test-calendar-button";
import { TestResult } from "@/app/(dashboard)/integrations/_components/test-result";

interface CalendarTestProps {
  integrationId: string;
  calendar: CalendarView;
  /** The vendor's name, as in "Google". */
  product: string;
  disabled: boolean;
  testCalendar: IntegrationActions["testCalendar"];
}

/** "Test this calendar now", and what came of it the last time. Nothing for calendars that nobody reads. */
export function CalendarTest({
  integrationId,
  calendar,
  product,
  disabled,
  testCalendar,
}: CalendarTestProps) {
  const t = useTranslations("probe");
  const { id, name, canTest, probe } = calendar;
  const isOffered = canTest && !disabled;
  const isReadOnly = calendar.checkForConflicts && !calendar.canWrite;
  // What an old test said of an account that no longer works only contradicts what its card says.
  const shown = disabled && probe?.failure?.stays !== true ? null : probe;
  if (!isOffered && shown === null) {
    return isReadOnly && <p className="basis-full pl-6 text-xs text-ink-muted">{t("readOnly")}</p>;
  }
  return (
    <div className="basis-full space-y-2 pl-6">
      {isOffered && (
        <TestCalendarButton
          calendarId={id}
          integrationId={integrationId}
          name={name}
          running={probe?.status === "running"}
          testCalendar={testCalendar}
        />
      )}
      <p className="sr-only" role="status">
        {shown !== null && t(`result.${shown.status}`, { name })}
      </p>
      {shown !== null && <TestResult name={name} probe={shown} product={product} />}
    </div>
  );
}

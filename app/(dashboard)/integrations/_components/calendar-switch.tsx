"use client";

import { Switch } from "@/app/_components/ui/switch";
import { useSavedValue } from "@/app/_components/use-saved-value";
import type { IntegrationActions } from "@/app/(dashboard)/integrations/_components/integration-view";

interface CalendarSwitchProps {
  integrationId: string;
  calendarId: string;
  checked: boolean;
  label: string;
  disabled: boolean;
  checkCalendar: IntegrationActions["checkCalendar"];
}

export function CalendarSwitch(props: CalendarSwitchProps) {
  const { integrationId, calendarId, checked, label, disabled, checkCalendar } = props;
  const [on, change] = useSavedValue(checked, (next) =>
    checkCalendar({ integrationId, calendarId, checkForConflicts: next }),
  );
  return (
    <Switch
      aria-label={label}
      checked={on}
      disabled={disabled}
      onChange={(event) => change(event.currentTarget.checked)}
    />
  );
}

/** How an event repeats, as far as the form can say it; `custom` is any other rule. */
export type Repeat = "none" | "daily" | "weekly" | "monthly" | "custom";

const RULES: Partial<Record<string, string>> = {
  daily: "RRULE:FREQ=DAILY",
  weekly: "RRULE:FREQ=WEEKLY",
  monthly: "RRULE:FREQ=MONTHLY",
};

export function repeatOf(recurrence: readonly string[]): Repeat {
  if (recurrence.length === 0) return "none";
  const known = (["daily", "weekly", "monthly"] as const).find((name) => RULES[name] === recurrence[0]);
  return known !== undefined && recurrence.length === 1 ? known : "custom";
}

/** The `recurrence` of a choice: null takes it away, undefined leaves it alone. */
export function recurrenceOf(choice: string): string[] | null | undefined {
  const rule = RULES[choice];
  if (rule !== undefined) return [rule];
  return choice === "none" ? null : undefined;
}

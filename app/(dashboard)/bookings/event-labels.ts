import type { ProviderName } from "@/app/_components/provider-name";
import type { BookingEvent } from "@/app/(dashboard)/bookings/booking";

type Named = Pick<BookingEvent, "name" | "account" | "provider">;

/**
 * Short names of the calendars a booking is in. An account's main calendar bears its address: the product says more,
 * unless two would then be called alike.
 */
export function eventLabels(events: readonly Named[], products: Record<ProviderName, string>): string[] {
  const short = events.map(({ name, account, provider }) =>
    name === null || name === account || name.includes("@") ? products[provider] : name,
  );
  return events.map(({ name }, index) => {
    const label = short[index] ?? "";
    const alike = short.filter((other) => other === label).length > 1;
    return alike ? (name ?? label) : label;
  });
}

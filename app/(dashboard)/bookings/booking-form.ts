const BOOKING_FIELDS = ["start", "name", "email", "phone", "address", "instructions"] as const;
export type BookingField = (typeof BOOKING_FIELDS)[number];

/** What a person enters of a booking beside its time; empty fields are null. */
export interface BookingParticulars {
  client: { name: string; email: string | null; phone: string | null };
  address: string | null;
  instructions: string | null;
}

export function readBookingForm(form: FormData): BookingParticulars {
  const text = (name: BookingField) => String(form.get(name) ?? "").trim();
  return {
    client: { name: text("name"), email: text("email") || null, phone: text("phone") || null },
    address: text("address") || null,
    instructions: text("instructions") || null,
  };
}

/** The form's fields among those a refusal names, in the form's order: `client.email` is the field `email`. */
export function faultyFields(faults: readonly { path: string }[] | undefined): BookingField[] {
  const named = new Set(faults?.map(({ path }) => path.replace(/^change\./, "").replace(/^client\./, "")));
  return BOOKING_FIELDS.filter((field) => named.has(field));
}

/** The free slots a refusal offers in place of a taken one. */
export function slotsOffered(
  extra: Readonly<Record<string, unknown>> | undefined,
): { start: string; end: string }[] {
  const slots = extra?.slots;
  if (!Array.isArray(slots)) return [];
  return slots.flatMap((slot: unknown) => (isSlot(slot) ? [{ start: slot.start, end: slot.end }] : []));
}

function isSlot(slot: unknown): slot is { start: string; end: string } {
  if (typeof slot !== "object" || slot === null || !("start" in slot) || !("end" in slot)) return false;
  return typeof slot.start === "string" && typeof slot.end === "string";
}

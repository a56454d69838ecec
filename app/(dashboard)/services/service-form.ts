import { SERVICE_KINDS, type ServiceValues } from "@/app/(dashboard)/services/service";

const SERVICE_FIELDS = [
  "kind",
  "name",
  "slug",
  "location",
  "durationMinutes",
  "bufferBeforeMinutes",
  "bufferAfterMinutes",
  "slotStepMinutes",
  "noticeMinutes",
  "horizonDays",
  "price",
  "targetCalendarId",
] as const;
export type ServiceField = (typeof SERVICE_FIELDS)[number];

/** What is wrong, in words, by field. */
export type ServiceFaults = Partial<Record<ServiceField, string>>;

/** The form's texts as values; what is no number stays NaN, for the verb to refuse. An empty price is none. */
export function readServiceForm(form: FormData): Omit<ServiceValues, "active"> {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const number = (name: string) => (text(name) === "" ? Number.NaN : Number(text(name)));
  const amount = text("price").replace(",", ".");
  return {
    kind: SERVICE_KINDS.find((kind) => kind === text("kind")) ?? "appointment",
    name: text("name"),
    slug: text("slug"),
    location: text("location") || null,
    durationMinutes: number("durationMinutes"),
    bufferBeforeMinutes: number("bufferBeforeMinutes"),
    bufferAfterMinutes: number("bufferAfterMinutes"),
    slotStepMinutes: number("slotStepMinutes"),
    noticeMinutes: number("noticeMinutes"),
    horizonDays: number("horizonDays"),
    price: amount === "" ? null : { amount: Number(amount), currency: text("currency") },
    targetCalendarId: text("targetCalendarId") || null,
  };
}

/** The form's fields among those a refusal names: `price.amount` and `service.price.amount` are the price. */
export function faultyFields(faults: readonly { path: string }[] | undefined): ServiceField[] {
  const named = new Set(faults?.map(({ path }) => path.replace(/^service\./, "").split(".")[0]));
  return SERVICE_FIELDS.filter((field) => named.has(field));
}

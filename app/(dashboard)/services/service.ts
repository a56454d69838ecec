export const SERVICE_KINDS = ["appointment", "interview", "training", "intervention"] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

/** What a person decides of a service; times in minutes, the price in the currency's own unit. */
export interface ServiceValues {
  kind: ServiceKind;
  name: string;
  slug: string;
  location: string | null;
  durationMinutes: number;
  bufferBeforeMinutes: number;
  bufferAfterMinutes: number;
  slotStepMinutes: number;
  noticeMinutes: number;
  horizonDays: number;
  price: { amount: number; currency: string } | null;
  targetCalendarId: string | null;
  active: boolean;
}

export const NEW_SERVICE: ServiceValues = {
  kind: "appointment",
  name: "",
  slug: "",
  location: null,
  durationMinutes: 60,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  slotStepMinutes: 15,
  noticeMinutes: 0,
  horizonDays: 92,
  price: null,
  targetCalendarId: null,
  active: true,
};

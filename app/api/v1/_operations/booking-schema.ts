import { z } from "zod";
import { instantOut } from "@/app/api/v1/_operations/fields";
import { vendor } from "@/app/api/v1/_operations/integration-schema";

const exported = z.strictObject({
  integrationId: z.uuid().nullable().describe("Null once that account was disconnected"),
  provider: vendor,
  calendarId: z.uuid().nullable(),
  externalEventId: z.string().nullable(),
  status: z.enum(["pending", "synced", "failed", "removed"]),
  error: z.strictObject({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
  syncedAt: instantOut.nullable(),
});

const receipt = z.strictObject({
  calendarId: z.uuid(),
  state: z.enum(["fresh", "stale", "unknown", "live"]).describe("`live`: read while booking"),
  syncedAt: instantOut.nullable().describe("Start of its last complete round"),
});

export const bookingStatus = z.enum(["confirmed", "cancelled"]);

/** A client's time with a provider, as the provider sees it. */
export const booking = z
  .strictObject({
    id: z.uuid(),
    serviceId: z.uuid(),
    serviceName: z.string(),
    kind: z.enum(["appointment", "interview", "training", "intervention"]),
    status: bookingStatus,
    start: instantOut,
    end: instantOut,
    timeZone: z.string().describe("IANA; the zone the client reads times in"),
    client: z.strictObject({
      name: z.string(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
    }),
    address: z.string().nullable(),
    instructions: z.string().nullable(),
    price: z.strictObject({ amount: z.number(), currency: z.string() }).nullable(),
    source: z.enum(["client", "provider", "api"]),
    version: z.int().min(1),
    receipt: z.array(receipt).describe("What was known of the blocking calendars when its time was taken"),
    exports: z.array(exported),
    createdAt: instantOut,
    cancelledAt: instantOut.nullable(),
    cancelledBy: z.enum(["client", "provider"]).nullable(),
    cancelReason: z.string().nullable(),
  })
  .meta({ id: "Booking" });

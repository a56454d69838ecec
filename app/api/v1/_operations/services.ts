import { z } from "zod";
import { idParams, listQuery } from "@/app/_session/api-list";
import { listOf } from "@/app/api/v1/_operations/fields";
import { operation } from "@/app/api/v1/_operations/operation";
import { serviceChange, serviceInput } from "@/lib/bookings/service-input";

const tag = "Services";

const service = z
  .strictObject({
    id: z.uuid(),
    kind: z.enum(["appointment", "interview", "training", "intervention"]),
    name: z.string(),
    durationMinutes: z.int(),
    bufferBeforeMinutes: z.int(),
    bufferAfterMinutes: z.int(),
    location: z.string().nullable(),
    price: z.strictObject({ amount: z.number(), currency: z.string().describe("ISO 4217") }).nullable(),
    slug: z.string().describe("Its place on the public page"),
    active: z.boolean().describe("Whether clients may book it"),
    slotStepMinutes: z.int().describe("Counted from the start of each working interval"),
    noticeMinutes: z.int(),
    horizonDays: z.int(),
    targetCalendarId: z.uuid().nullable(),
  })
  .meta({ id: "Service" });

export const listOwnServices = operation({
  id: "listServices",
  method: "GET",
  path: "/services",
  tag,
  summary: "What you offer, oldest first, what clients may not book at present included.",
  scope: "read",
  query: listQuery,
  answer: listOf(service),
});

export const makeService = operation({
  id: "createService",
  method: "POST",
  path: "/services",
  tag,
  summary: "Offers something. Only name and duration are needed.",
  scope: "write",
  body: serviceInput,
  status: 201,
  creates: true,
  answer: service,
  refusals: ["conflict", "not_found"],
});

export const readService = operation({
  id: "getService",
  method: "GET",
  path: "/services/{id}",
  tag,
  summary: "One service.",
  scope: "read",
  params: idParams,
  answer: service,
});

export const changeService = operation({
  id: "updateService",
  method: "PUT",
  path: "/services/{id}",
  tag,
  summary: "Changes the fields that are given. Bookings that were made keep their times.",
  scope: "write",
  params: idParams,
  body: serviceChange,
  answer: service,
  refusals: ["conflict"],
});

export const removeService = operation({
  id: "deleteService",
  method: "DELETE",
  path: "/services/{id}",
  tag,
  summary: "No longer offers it. Bookings that were made stay as they are.",
  scope: "write",
  params: idParams,
  status: 204,
  answer: null,
});

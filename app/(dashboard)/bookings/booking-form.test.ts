import { expect, it } from "vitest";
import { faultyFields, readBookingForm, slotsOffered } from "@/app/(dashboard)/bookings/booking-form";

it("takes empty fields for nothing", () => {
  const form = new FormData();
  form.set("name", " Ana Silva ");
  form.set("email", " ");
  expect(readBookingForm(form)).toEqual({
    client: { name: "Ana Silva", email: null, phone: null },
    address: null,
    instructions: null,
  });
});

it("finds the fields a refusal names, of a new booking or of a change", () => {
  expect(faultyFields([{ path: "instructions" }, { path: "client.email" }])).toEqual([
    "email",
    "instructions",
  ]);
  expect(faultyFields([{ path: "change.client.phone" }, { path: "elsewhere" }])).toEqual(["phone"]);
  expect(faultyFields(undefined)).toEqual([]);
});

it("believes only what looks like a slot", () => {
  const slot = { start: "2026-12-01T09:00:00.000Z", end: "2026-12-01T10:00:00.000Z" };
  expect(slotsOffered({ slots: [slot, null, { start: 1 }] })).toEqual([slot]);
  expect(slotsOffered({ slots: "none" })).toEqual([]);
  expect(slotsOffered(undefined)).toEqual([]);
});

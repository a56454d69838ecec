import { expect, it } from "vitest";
import { faultyFields, readServiceForm } from "@/app/(dashboard)/services/service-form";

function filled(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

it("reads a price with a comma, and none where the field is empty", () => {
  expect(readServiceForm(filled({ price: "59,50", currency: "EUR" })).price).toEqual({
    amount: 59.5,
    currency: "EUR",
  });
  expect(readServiceForm(filled({ price: " ", currency: "EUR" })).price).toBeNull();
});

it("takes an empty number for none, not for zero", () => {
  expect(readServiceForm(filled({ durationMinutes: "" })).durationMinutes).toBeNaN();
});

it("names each faulty field once, in the form's order", () => {
  const faults = [{ path: "price.currency" }, { path: "name" }, { path: "price.amount" }, { path: "other" }];
  expect(faultyFields(faults)).toEqual(["name", "price"]);
});

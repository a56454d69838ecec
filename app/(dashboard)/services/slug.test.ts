import { expect, it } from "vitest";
import { slugOf } from "@/app/(dashboard)/services/slug";

it.each([
  ["Séance d’essai", "seance-d-essai"],
  ["  Entretien — 1er tour  ", "entretien-1er-tour"],
  ["Cœur & âme", "coeur-ame"],
  ["予約", ""],
  ["a".repeat(80), "a".repeat(60)],
  [`${"a".repeat(59)} b`, "a".repeat(59)],
])("makes %j a part of an address: %j", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

import { expect, it } from "vitest";
import { calendarProducts } from "@/app/_components/provider-name";
import { eventLabels } from "@/app/(dashboard)/bookings/event-labels";

const english = calendarProducts("en");
const main = (account: string) => ({ name: account, account, provider: "google" as const });

it("calls an account's main calendar by its product, and others by their names", () => {
  const team = { name: "Team", account: "a@x.test", provider: "google" as const };
  expect(eventLabels([main("a@x.test"), team], english)).toEqual(["Google Calendar", "Team"]);
});

it("keeps two apart that would be called alike, and names what is gone", () => {
  expect(eventLabels([main("a@x.test"), main("b@x.test")], english)).toEqual(["a@x.test", "b@x.test"]);
  expect(eventLabels([{ name: null, account: null, provider: "microsoft" }], english)).toEqual([
    "Outlook Calendar",
  ]);
});

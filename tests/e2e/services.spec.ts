import { eq } from "drizzle-orm";
import { calendars } from "@/db/schema/calendars";
import { makeBooking, makeService, services } from "./support/desk";
import { setting } from "./support/environment";
import { expectAwake } from "./support/expect";
import { expect, test } from "./support/test";

test("The first service is described, gets its address from its name, and can be booked", async ({
  page,
  context,
  person: _signedIn,
}) => {
  await page.goto("/services");
  await expect(page.getByRole("heading", { name: "Nothing can be booked yet" })).toBeVisible();
  await page.getByRole("link", { name: "New service" }).click();
  await page.getByLabel("Name of the service").fill("Séance d’essai");
  await expect(page.getByLabel("Public address")).toHaveValue("seance-d-essai");
  await page.getByLabel("Duration in minutes").fill("45");
  await page.getByLabel("Price (optional)").fill("59,50");
  await page.getByRole("button", { name: "Create the service" }).click();

  await expect(page).toHaveURL(/\/services$/);
  const line = page.getByRole("listitem").filter({ hasText: "Séance d’essai" });
  await expect(line).toContainText("45 min");
  await expect(line).toContainText("€59.50");
  await expect(line.getByRole("link", { name: /Open the public page/ })).toHaveAttribute(
    "href",
    new RegExp(`^${setting("E2E_APP_URL")}/book/[a-z0-9-]+/seance-d-essai$`),
  );
  expect(await services(context.request)).toMatchObject([
    { name: "Séance d’essai", durationMinutes: 45, price: { amount: 59.5, currency: "EUR" } },
  ]);
});

test("The address of a service is copied", async ({ page, context, person: _signedIn }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await makeService(context.request);
  await page.goto("/services");
  await page.getByRole("button", { name: "Copy address" }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/book\/[a-z0-9-]+\/massage$/);
});

test("What is wrong is said beside its field, and what was typed stays", async ({
  page,
  context,
  person: _signedIn,
}) => {
  await makeService(context.request);
  await page.goto("/services/new");
  await expectAwake(page.getByLabel("Name of the service"));
  await page.getByLabel("Name of the service").fill("Massage");
  await page.getByLabel("Duration in minutes").fill("2");
  await page.getByLabel("Place (optional)").fill("12 rue des Lilas");
  await page.getByRole("button", { name: "Create the service" }).click();
  await expect(page.getByLabel("Duration in minutes")).toHaveAccessibleDescription(/from 5 up to a day/);
  await expect(page.getByLabel("Duration in minutes")).toBeFocused();

  await page.getByLabel("Duration in minutes").fill("30");
  await page.getByRole("button", { name: "Create the service" }).click();
  await expect(page.getByLabel("Public address")).toHaveAccessibleDescription(
    "Another of your services has this address.",
  );
  await expect(page.getByLabel("Place (optional)")).toHaveValue("12 rue des Lilas");
  expect(await services(context.request)).toHaveLength(1);
});

test("A service that is switched off has no public page, and comes back as it was", async ({
  page,
  context,
  person: _signedIn,
}) => {
  await makeService(context.request);
  await page.goto("/services");
  const offered = page.getByRole("switch", { name: "Massage: clients can book it" });
  await offered.uncheck();
  await expect(page.getByText("Its public page is off.")).toBeVisible();
  expect(await services(context.request)).toMatchObject([{ active: false, durationMinutes: 60 }]);
  await offered.check();
  await expect(page.getByRole("link", { name: /Open the public page/ })).toBeVisible();
});

test("Only writable calendars are offered; one that became read-only stays, with the reason", async ({
  page,
  context,
  connection,
  database,
}) => {
  const [calendar] = connection.calendars;
  const service = await makeService(context.request, { targetCalendarId: calendar?.id ?? null });
  await database.db
    .update(calendars)
    .set({ canWrite: false })
    .where(eq(calendars.id, calendar?.id ?? ""));
  await page.goto(`/services/${service.id}`);
  await expect(page.getByLabel("Add its bookings to")).toHaveValue(calendar?.id ?? "");
  await expect(page.getByText("You can only read this calendar now")).toBeVisible();
  await page.goto("/services/new");
  await expect(page.getByLabel("Add its bookings to").locator("option")).toHaveCount(1);
});

test("A service is deleted with its consequences named; its bookings stay", async ({
  page,
  context,
  person: _signedIn,
}) => {
  const service = await makeService(context.request);
  const booking = await makeBooking(context.request, service);
  await page.goto(`/services/${service.id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete this service?" });
  await expect(dialog).toContainText("1 booking to come stays as it is");
  await dialog.getByRole("button", { name: "Delete the service" }).click();
  await expect(page.getByRole("heading", { name: "Nothing can be booked yet" })).toBeVisible();
  await page.goto(`/bookings/${booking.id}`);
  await expect(page.getByText("Confirmed")).toBeVisible();
  await page.goto(`/services/${service.id}`);
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
});

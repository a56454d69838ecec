import type { Page } from "@playwright/test";
import { IntegrationsPage } from "./support/integrations-page";
import { connectByAddress, syncElsewhere } from "./support/person";
import { disablePolling } from "./support/polling";
import { act, clearFaults } from "./support/sandbox";
import { expect, test } from "./support/test";

test.beforeEach(({ page }) => disablePolling(page));
test.afterEach(() => clearFaults());

const bell = (page: Page) => page.getByRole("banner").getByRole("link", { name: /^Notifications/ });
const news = (page: Page) => page.getByRole("banner").getByRole("status").filter({ hasText: "unread" });
const item = (page: Page, text: string) => page.getByRole("listitem").filter({ hasText: text });

test("A calendar that cannot be read three times shows in the bell of the open page, and is over when it heals", async ({
  page,
  account,
  connection,
  context,
}) => {
  await page.goto("/notifications");
  await new IntegrationsPage(page).waitUntilLive();
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  await expect(page.getByRole("heading", { name: "Nothing needs you" })).toBeVisible();
  await expect(page.getByText("Last reading of your calendars")).toBeVisible();
  await expect(bell(page)).toHaveAccessibleName("Notifications");
  await expect(news(page)).toHaveText("No unread notification");

  await act("faults", {
    operation: "calendar.events.list",
    kind: "unavailable",
    account: account.email,
    count: 0,
  });
  await expect(async () => {
    await syncElsewhere(context.request, connection.id);
    await expect(bell(page)).toHaveAccessibleName("Notifications, 1 unread", { timeout: 1_000 });
  }).toPass();
  await expect(news(page), "what a screen reader speaks").toHaveText("1 unread notification");
  const told = item(page, `“${account.email}” is not being read`);
  await expect(told).toHaveAttribute("data-state", "open");
  await expect(told.getByRole("link")).toHaveAttribute("href", `/integrations#integration-${connection.id}`);

  await told.getByRole("button", { name: "Mark as read" }).press("Enter");
  await expect(bell(page)).toHaveAccessibleName("Notifications");
  await expect(told, "read is not mended").toHaveAttribute("data-state", "open");
  await expect(told.getByRole("button")).toHaveCount(0);

  await clearFaults();
  await expect(async () => {
    await syncElsewhere(context.request, connection.id);
    await expect(told).toHaveAttribute("data-state", "over", { timeout: 1_000 });
  }).toPass();
  await expect(told).toContainText("Ended");
  await expect(told.getByRole("link")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Nothing needs you" })).toBeVisible();
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
});

test("A dead connection is said once: by the list on its page, by the banner elsewhere; reconnecting ends it", async ({
  page,
  account,
  connection,
  context,
}) => {
  await act("tokens/revoke", { account: account.email });
  await syncElsewhere(context.request, connection.id);
  await page.goto("/history");
  await new IntegrationsPage(page).waitUntilLive();
  const banner = page.getByRole("region", { name: "A connection needs you" });
  await expect(banner).toBeVisible();
  await expect(bell(page)).toHaveAccessibleName("Notifications, 1 unread");
  await bell(page).click();
  const told = item(page, `Reconnect ${account.email}`);
  await expect(told).toContainText("no longer accepts our access");
  await expect(banner).toBeHidden();

  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(bell(page)).toHaveAccessibleName("Notifications");
  await expect(told.getByRole("link", { name: "Reconnect" })).toHaveAttribute(
    "href",
    new RegExp(`^/api/integrations/google/connect\\?.*integrationId=${connection.id}`),
  );
  expect(await connectByAddress(context.request, account, { integrationId: connection.id })).toBe(
    "connected",
  );
  await expect(told).toHaveAttribute("data-state", "over");
});

test("An administrator sees when each scheduled job last began", async ({
  page,
  connection: _connection,
}) => {
  const jobs = page.getByRole("region", { name: "This installation" });
  // In the first minute of an installation no tick has come.
  await expect(async () => {
    await page.goto("/notifications");
    await expect(jobs.getByRole("row", { name: /sync-tick/ })).toContainText("Runs", { timeout: 1_000 });
  }).toPass();
});

test("Whoever is no administrator sees nothing of the installation", async ({ page, person, database }) => {
  await database.db.execute(`update memberships set role = 'provider' where user_id = '${person.userId}'`);
  await page.goto("/notifications");
  await expect(page.getByRole("heading", { name: "Nothing needs you" })).toBeVisible();
  await expect(page.getByRole("region", { name: "This installation" })).toHaveCount(0);
});

import AxeBuilder from "@axe-core/playwright";
import { IntegrationsPage } from "./support/integrations-page";
import { syncElsewhere } from "./support/person";
import { disablePolling } from "./support/polling";
import { putEvent } from "./support/sandbox";
import { expect, test } from "./support/test";

test("The statistics of somebody new say where to begin", async ({ page, person: _signedIn }) => {
  await page.goto("/history/statistics");
  await expect(page.getByRole("heading", { name: "Nothing to count yet" })).toBeVisible();
});

test("Runs and events are counted, by account and time as the address says, with the figures behind the charts", async ({
  page,
  account,
  connection,
  context,
}) => {
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  await page.goto("/history");
  await page
    .getByRole("navigation", { name: "Views of the history" })
    .getByRole("link", { name: "Statistics" })
    .click();
  await expect(page).toHaveURL(/\/history\/statistics$/);
  await expect(page.getByRole("img", { name: /\d+ runs? in all, none failed/ })).toBeVisible();
  await expect(page.getByRole("img", { name: /1 event read and 0 bookings written/ })).toBeVisible();
  await page.getByText("The figures, day by day").click();
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("row").last()).toContainText("100%");

  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag22aa"]).analyze();
  expect(violations).toEqual([]);

  const form = page.getByRole("form", { name: "Choose what is counted" });
  await form.getByLabel("Account").selectOption({ label: account.email });
  await form.getByLabel("Time").selectOption("Last 7 days");
  await form.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/integrationId=[0-9a-f-]{36}&days=7/);
  await expect(form.getByLabel("Time")).toHaveValue("7");
  await expect(page.getByRole("img", { name: /none failed/ })).toBeVisible();
});

test("An event read meanwhile is counted in the open statistics without a reload or a poll", async ({
  page,
  account,
  connection,
  context,
}) => {
  await disablePolling(page);
  await page.goto("/history/statistics");
  await new IntegrationsPage(page).waitUntilLive();
  await expect(page.getByRole("img", { name: /0 events read/ })).toBeVisible();
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  await expect(page.getByRole("img", { name: /1 event read/ })).toBeVisible();
});

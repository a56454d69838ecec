import AxeBuilder from "@axe-core/playwright";
import { IntegrationsPage } from "./support/integrations-page";
import { unavailabilities } from "./support/person";
import { disablePolling } from "./support/polling";
import { act } from "./support/sandbox";
import { expect, test } from "./support/test";

test.beforeEach(({ page }) => disablePolling(page));

test("Whoever tests a calendar sees by themselves how it was told of, read and cleaned up", async ({
  page,
  account,
  connection: _connected,
  context,
}) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await integrationsPage.waitUntilLive();
  const card = integrationsPage.card(account);
  await expect(card.getByText("told of changes by Google")).toBeVisible();
  const button = card.getByRole("button", { name: "Test this calendar now" });
  await button.focus();
  await page.keyboard.press("Enter");
  const steps = card.getByRole("list", { name: "Test of" });
  await expect(steps).toContainText(/written in [\d.]+ s/);
  await expect(steps).toContainText(/Google told us after [\d.]+ s/);
  await expect(steps).toContainText(/read after [\d.]+ s/);
  await expect(steps).toContainText("removed");
  await expect(card.getByRole("status").filter({ hasText: "succeeded" })).toHaveCount(1);
  await expect(button).toBeFocused();
  await expect(card.getByText(/last test reached us in [\d.]+ s/)).toBeVisible();
  expect(await unavailabilities(context.request)).toEqual([]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test("A test that cannot be written says why, and what helps", async ({
  page,
  account,
  connection: _connected,
}) => {
  await act("faults", {
    operation: "calendar.events.insert",
    kind: "quota_exceeded",
    account: account.email,
  });
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await integrationsPage.waitUntilLive();
  const card = integrationsPage.card(account);
  await card.getByRole("button", { name: "Test this calendar now" }).click();
  await expect(card.getByText("Google takes no more events from this account for some hours.")).toBeVisible();
  await expect(card.getByText("not written")).toBeVisible();
});

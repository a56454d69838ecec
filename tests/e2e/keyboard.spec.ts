import type { Locator, Page } from "@playwright/test";
import { GooglePages } from "./support/google-pages";
import { IntegrationsPage } from "./support/integrations-page";
import { expect, test } from "./support/test";

test("By keyboard alone: the skip link leads to the content and on to connecting", async ({
  page,
  account,
  person: _signedIn,
}) => {
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(integrationsPage.connectButton).toBeFocused();

  const opened = page.waitForEvent("popup");
  await page.keyboard.press("Enter");
  const google = new GooglePages(await opened);
  await google.grantAll(account);
  await expect(integrationsPage.card(account)).toBeVisible();
});

test("The focus passes the navigation in the order it is read", async ({ page, person: _signedIn }) => {
  await page.goto("/integrations");
  const pages = ["Bookings", "Calendar", "Services", "Hours", "Integrations", "History"];
  const order = ["Skip to content", "Entente, to the start page", "Notifications", ...pages];
  for (const name of order) {
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name, exact: true })).toBeFocused();
  }
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Account:" })).toBeFocused();
});

test("A dialog keeps the focus until it closes, and gives it back", async ({ page, account, connection }) => {
  expect(connection.status).toBe("connected");
  const integrationsPage = new IntegrationsPage(page);
  await integrationsPage.open();
  const trigger = integrationsPage.card(account).getByRole("button", { name: "Disconnect" });
  await trigger.focus();
  await page.keyboard.press("Enter");
  await expectTrap(page, page.getByRole("dialog"));
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(trigger).toBeFocused();
});

test("The account's menu works with arrows, and gives the focus back", async ({
  page,
  person: _signedIn,
}) => {
  await page.goto("/integrations");
  const trigger = page.getByRole("button", { name: "Account:" });
  await trigger.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menu")).toBeVisible();
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(trigger).toBeFocused();
});

test("A language and a theme chosen once stay", async ({ page, person: _signedIn }) => {
  await page.goto("/integrations");
  await page.getByRole("button", { name: "Account:" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveClass(/dark/);
  await page.getByRole("button", { name: "Account:" }).click();
  await page.getByRole("menuitemradio", { name: "Français" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await expect(page.locator("html")).toHaveClass(/dark/);
  await expect(page.getByRole("heading", { level: 1, name: "Intégrations" })).toBeVisible();
});

async function expectTrap(page: Page, dialog: Locator): Promise<void> {
  await expect(dialog).toBeVisible();
  const stops = await dialog.locator("button, a, input, select, textarea").count();
  for (let press = 0; press < stops + 2; press += 1) {
    await expect(dialog.locator(":focus")).toHaveCount(1);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Shift+Tab");
  await expect(dialog.locator(":focus")).toHaveCount(1);
}

import { makeService } from "./support/desk";
import { IntegrationsPage } from "./support/integrations-page";
import { expect, test } from "./support/test";

test("On a slow link, a click right after a live refresh never shows a blank page", async ({
  page,
  person: _signedIn,
  context,
}) => {
  await page.goto("/integrations");
  await new IntegrationsPage(page).waitUntilLive();
  await page.waitForLoadState("networkidle");
  await page.route(/_rsc=/, async (route) => {
    await new Promise((go) => setTimeout(go, 1_500));
    await route.continue();
  });
  await page.evaluate(() => {
    const seen = { blank: 0 };
    Object.assign(window, { seen });
    const look = () => {
      const main = document.querySelector("main");
      const drawn = main !== null && getComputedStyle(main, "::before").content !== "none";
      if (main?.textContent?.trim() === "" && !drawn) seen.blank += 1;
      requestAnimationFrame(look);
    };
    look();
  });
  const refresh = page.waitForRequest((request) => request.url().includes("/integrations?_rsc"));
  await makeService(context.request);
  await refresh;
  await page.getByRole("link", { name: "Services" }).first().click();
  await expect(page.getByRole("heading", { name: "Services", level: 1 })).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { seen: object }).seen)).toEqual({ blank: 0 });
});

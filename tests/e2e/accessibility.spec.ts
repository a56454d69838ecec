import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { bookAhead, makeService } from "./support/desk";
import { setting } from "./support/environment";
import { IntegrationsPage } from "./support/integrations-page";
import { PAGES, pageFiles } from "./support/pages";
import { syncElsewhere } from "./support/person";
import { act, isoDay, putEvent } from "./support/sandbox";
import { expect, test } from "./support/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Four looks in which every pair of language, theme and width occurs. */
const LOOKS = [
  { locale: "en", colorScheme: "light", width: 1280 },
  { locale: "en", colorScheme: "dark", width: 390 },
  { locale: "fr", colorScheme: "dark", width: 1280 },
  { locale: "fr", colorScheme: "light", width: 390 },
] as const;

type Look = (typeof LOOKS)[number];

test("Every page file has an address in the table of these tests", () => {
  expect(Object.keys(PAGES).sort()).toEqual(pageFiles());
});

test("A page's first bytes carry its title and its icon, so that it is never without a name", async ({
  context,
  person: _signedIn,
}) => {
  for (const path of ["/integrations", "/calendar", "/history", "/history/statistics", "/settings"]) {
    const html = await (await context.request.get(path)).text();
    const head = html.slice(0, html.indexOf("</head>"));
    expect(head, path).toMatch(/<title>[^<]+ · Entente<\/title>/);
    expect(head, path).toContain('rel="icon"');
  }
});

test("The bare address leads to the integrations", async ({ page, person: _signedIn }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/integrations$/);
});

for (const [file, { signedIn, addresses }] of Object.entries(PAGES)) {
  if (file === "page.tsx") continue;
  test(`Everybody can use ${file}: both languages, both themes, wide and narrow`, async ({
    page,
    context,
    connection,
    account,
    database,
  }) => {
    await putEvent(account, "Réunion d’équipe", 0);
    await putEvent(account, "Déjeuner", 1);
    await syncElsewhere(context.request, connection.id);
    const found = await addresses(context.request, database.db);
    if (!signedIn) await context.clearCookies({ name: "next-auth.session-token" });
    for (const look of LOOKS) {
      await wear(page, look);
      for (const address of found) {
        await page.goto(address);
        await expectAccessible(page, `${address} ${Object.values(look).join(" ")}`);
      }
    }
  });
}

test("Everybody can use the dialogs and menus, and the page while a connection is dead", async ({
  page,
  context,
  account,
  connection,
}) => {
  await putEvent(account, "Réunion d’équipe", 0);
  await syncElsewhere(context.request, connection.id);
  const { start } = await bookAhead(context.request, await makeService(context.request));
  const integrationsPage = new IntegrationsPage(page);
  for (const look of LOOKS.slice(0, 2)) {
    await wear(page, look);
    await integrationsPage.open();
    await integrationsPage.card(account).getByRole("button", { name: "Disconnect" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page, `dialog to disconnect ${look.colorScheme}`);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Account:" }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    await expectAccessible(page, `menu ${look.colorScheme}`);
    await page.keyboard.press("Escape");
    await page.goto("/calendar");
    await page.getByRole("button", { name: "Add time off" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page, `dialog for time off ${look.colorScheme}`);
    await page.goto(`/calendar?view=list&why=${isoDay(0)}&from=09%3A00&to=18%3A00`);
    await expect(page.getByRole("dialog")).toContainText("Réunion d’équipe");
    await expectAccessible(page, `dialog that explains a time ${look.colorScheme}`);
    await page.keyboard.press("Escape");
    await page.goto(`/calendar?view=list&date=${start.slice(0, 10)}`);
    await page
      .getByRole("button", { name: /Ana Silva/ })
      .first()
      .click();
    await expect(page.getByRole("dialog")).toContainText("Open the booking");
    await expectAccessible(page, `dialog of a booking ${look.colorScheme}`);
  }
  await act("tokens/revoke", { account: account.email });
  await syncElsewhere(context.request, connection.id);
  await integrationsPage.open();
  await expect(integrationsPage.card(account)).toHaveAttribute("data-status", "reconnect_required");
  await expectAccessible(page, "a dead connection");
});

async function wear(page: Page, { locale, colorScheme, width }: Look): Promise<void> {
  await page.context().addCookies([{ name: "locale", value: locale, url: setting("E2E_APP_URL") }]);
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height: 900 });
}

async function expectAccessible(page: Page, where: string): Promise<void> {
  await expect(page.getByRole("heading").first()).toBeVisible();
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  expect(passes.length, "rules that had something to judge").toBeGreaterThan(5);
  const found = violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html }) => html.slice(0, 200)),
  }));
  expect.soft(found, where).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(overflow, `${where}: pixels beyond the right edge`).toBeLessThanOrEqual(0);
}

import type { Locator, Page } from "@playwright/test";
import { OUTCOMES } from "@/app/_components/connect/outcomes";
import en from "@/messages/en.json" with { type: "json" };
import fr from "@/messages/fr.json" with { type: "json" };
import { setting } from "./support/environment";
import { expect, test } from "./support/test";

const languages = [
  { locale: "en", words: en.connect, product: "Google Calendar" },
  { locale: "fr", words: fr.connect, product: "Google Agenda" },
] as const;

const FINAL = new Set(["connected", "policy", "misconfigured"]);

for (const { locale, words, product } of languages) {
  test(`Every ending of a consent says in ${locale} what happened, why and what to do`, async ({
    page,
    context,
    person: _signedIn,
  }) => {
    await context.addCookies([{ name: "locale", value: locale, url: setting("E2E_APP_URL") }]);
    for (const outcome of OUTCOMES) {
      await page.goto(`/integrations?connect=${outcome}`);
      const ending = page.locator(`[data-connect-outcome="${outcome}"]`);
      const { title, cause, next } = inWords(words.outcome[outcome], product);
      await expect(ending.getByRole("heading")).toHaveText(title);
      await expect(ending).toContainText(cause);
      await expect(ending).toContainText(next);
      await expect(ending.getByRole("link", { name: words.tryAgain })).toHaveCount(
        FINAL.has(outcome) ? 0 : 1,
      );
    }
    await anyEnding(page).getByRole("link", { name: words.dismiss }).click();
    await expect(page).toHaveURL(/\/integrations$/);
  });

  test(`Every last page of the popup carries its outcome and says it in ${locale}`, async ({
    page,
    context,
    person: _signedIn,
  }) => {
    await context.addCookies([{ name: "locale", value: locale, url: setting("E2E_APP_URL") }]);
    // The good ending would close the window.
    for (const outcome of OUTCOMES.filter((name) => name !== "connected")) {
      await page.goto(`/connect/finished?outcome=${outcome}`);
      await expect(page.locator("body")).toHaveAttribute("data-outcome", outcome);
      await expect(page.getByRole("heading", { level: 2 })).toHaveText(
        inWords(words.outcome[outcome], product).title,
      );
      await expect(page.getByRole("button", { name: words.closeWindow })).toBeVisible();
      await expect(page.getByRole("link", { name: words.tryAgain })).toHaveCount(FINAL.has(outcome) ? 0 : 1);
    }
  });
}

test("An address with an invented outcome shows the plain page", async ({ page, person: _signedIn }) => {
  await page.goto("/integrations?connect=%3Cscript%3Ealert(1)%3C/script%3E");
  await expect(page.getByRole("heading", { level: 1, name: "Integrations" })).toBeVisible();
  await expect(page.locator("[data-connect-outcome]")).toHaveCount(0);
});

function anyEnding(page: Page): Locator {
  return page.locator("[data-connect-outcome]");
}

function inWords(given: { title: string; cause: string; next: string }, product: string) {
  const fill = (text: string) => text.replaceAll("{provider}", product).replaceAll("''", "'");
  return { title: fill(given.title), cause: fill(given.cause), next: fill(given.next) };
}

import type { Locator, Page } from "@playwright/test";
import { expect } from "./expect";
import { GooglePages } from "./google-pages";
import type { GoogleAccount } from "./sandbox";

const PRODUCT = "Google Calendar";

/** `/integrations`, as its visitor sees it. */
export class IntegrationsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.goto("/integrations");
  }

  get connectButton(): Locator {
    return this.page.getByRole("link", { name: `Connect ${PRODUCT}` });
  }

  card(account: GoogleAccount): Locator {
    return this.page.getByRole("region", { name: `${PRODUCT}: ${account.email}` });
  }

  outcome(name: string): Locator {
    return this.page.locator(`[data-connect-outcome="${name}"]`);
  }

  /** Clicks what opens the popup, and answers its pages. */
  async openPopup(button: Locator = this.connectButton): Promise<GooglePages> {
    const opened = this.page.waitForEvent("popup");
    await button.click();
    return new GooglePages(await opened);
  }

  /** The stream stands: from now on changes arrive by themselves. */
  async waitUntilLive(): Promise<void> {
    await expect(this.page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible();
  }

  /** What the dialog to disconnect counts; it is closed again. */
  async expectBusyTimes(account: GoogleAccount, words: string): Promise<void> {
    await this.card(account).getByRole("button", { name: "Disconnect" }).click();
    const dialog = this.page.getByRole("dialog");
    await expect(dialog).toContainText(words);
    await dialog.getByRole("button", { name: "Stay connected" }).click();
    await expect(dialog).toBeHidden();
  }
}

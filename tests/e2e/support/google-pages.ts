import type { Page } from "@playwright/test";
import { expect } from "./expect";
import type { GoogleAccount } from "./sandbox";

/** The vendor's pages between our door and our callback: chooser and consent. */
export class GooglePages {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async choose(account: GoogleAccount): Promise<void> {
    await this.page.getByRole("button", { name: account.email }).click();
  }

  async tickAll(): Promise<void> {
    await this.page.getByRole("checkbox", { name: "Select all" }).check();
  }

  async untick(words: RegExp): Promise<void> {
    const box = this.page.getByRole("checkbox", { name: words });
    await expect(box).toBeChecked();
    await box.uncheck();
  }

  async allow(): Promise<void> {
    await this.page.getByRole("button", { name: "Continue" }).click();
  }

  async refuse(): Promise<void> {
    await this.page.getByRole("button", { name: "Cancel" }).click();
  }

  async grantAll(account: GoogleAccount): Promise<void> {
    await this.choose(account);
    await this.tickAll();
    await this.allow();
  }
}

import type { Page } from "@playwright/test";
import { setting } from "./environment";
import { expect } from "./expect";
import type { GoogleAccount } from "./sandbox";

/** The vendor's week calendar, as the account's owner uses it. */
export class SandboxCalendarPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** `day` (`YYYY-MM-DD`) chooses the week. */
  async open(account: GoogleAccount, day = ""): Promise<void> {
    const query = new URLSearchParams({ account: account.email, week: day });
    await this.page.goto(`${setting("E2E_GOOGLE_ORIGIN")}/sandbox/calendar?${query}`);
  }

  /** An hour of tomorrow. */
  async add(title: string): Promise<void> {
    await this.page.getByRole("button", { name: "New event" }).click();
    const sheet = this.page.getByRole("dialog");
    await sheet.getByLabel("Title").fill(title);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await sheet.getByLabel("Start date").fill(tomorrow);
    await sheet.getByLabel("Start time").fill("10:00");
    await sheet.getByLabel("End date").fill(tomorrow);
    await sheet.getByLabel("End time").fill("11:00");
    await sheet.getByRole("button", { name: "Save" }).click();
    await expect(this.page.getByRole("status")).toContainText("Event created.");
  }

  /** An event as it stands in the week. */
  event(title: string) {
    return this.page.getByRole("button", { name: title });
  }

  /** Moves an event within its day, times as the calendar's clock has them. */
  async move(title: string, from: string, to: string): Promise<void> {
    await this.event(title).first().click();
    const sheet = this.page.getByRole("dialog");
    await sheet.getByLabel("Start time").fill(from);
    await sheet.getByLabel("End time").fill(to);
    await sheet.getByRole("button", { name: "Save" }).click();
    await expect(this.page.getByRole("status")).toContainText("Event saved.");
  }

  async delete(title: string): Promise<void> {
    await this.page.getByRole("button", { name: title }).first().click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(this.page.getByRole("status")).toContainText("Event deleted.");
  }
}

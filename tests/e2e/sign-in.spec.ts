import { eq } from "drizzle-orm";
import { sessions, users } from "@/db/schema/users";
import { GooglePages } from "./support/google-pages";
import { expect, test } from "./support/test";

test("A visitor signs in at Google, comes back to the page they wanted, and signs out", async ({
  page,
  account,
  context,
}) => {
  await page.goto("/history?status=failed");
  await expect(page).toHaveURL(/\/sign-in\?returnTo=%2Fhistory%3Fstatus%3Dfailed$/);
  await page.getByRole("button", { name: "Continue with Google" }).click();
  const google = new GooglePages(page);
  await google.choose(account);
  await google.allow();

  await expect(page).toHaveURL(/\/history\?status=failed$/);
  await expect(page.getByRole("heading", { level: 1, name: "Sync history" })).toBeVisible();
  const [cookie] = (await context.cookies()).filter(({ name }) => name === "next-auth.session-token");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });

  await page.getByRole("button", { name: account.name }).click();
  await expect(page.getByRole("menu")).toContainText(account.email);
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto("/integrations");
  await expect(page).toHaveURL(/\/sign-in\?returnTo=%2Fintegrations$/);
});

test("Whoever declines at Google reads that nothing was shared, and may try again", async ({
  page,
  account,
}) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue with Google" }).click();
  const google = new GooglePages(page);
  await google.choose(account);
  await google.refuse();
  await expect(page.getByRole("alert").filter({ hasText: "You chose not to sign in" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Continue with Google" })).toBeEnabled();
});

test("A session ended elsewhere ends here with the next request, also inside a page", async ({
  page,
  person,
  database,
  guard,
}) => {
  guard.allow(/status of 401/);
  await page.goto("/integrations");
  await expect(page.getByRole("heading", { level: 1, name: "Integrations" })).toBeVisible();
  await database.db.delete(sessions).where(eq(sessions.userId, person.userId));
  await page.getByRole("link", { name: "History" }).click();
  await expect(page).toHaveURL(/\/sign-in\?returnTo=%2Fhistory$/);
});

test("A disabled person is out with the next request", async ({ page, person, database }) => {
  await page.goto("/history");
  await database.db.update(users).set({ disabledAt: new Date() }).where(eq(users.id, person.userId));
  await page.goto("/integrations");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("A return address of another site leads to a page of ours", async ({ page, account }) => {
  await page.goto("/sign-in?returnTo=//evil.example.test/in");
  await page.getByRole("button", { name: "Continue with Google" }).click();
  const google = new GooglePages(page);
  await google.choose(account);
  await google.allow();
  await expect(page).toHaveURL(/localhost:\d+\/integrations$/);
});

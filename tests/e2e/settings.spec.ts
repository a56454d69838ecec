import { setting } from "./support/environment";
import { expectAwake } from "./support/expect";
import { expect, test } from "./support/test";

test("A key is shown once, opens what it may, and nothing after it is revoked", async ({
  page,
  playwright,
  person: _signedIn,
}) => {
  await page.goto("/settings");
  await page.getByRole("button", { name: "New key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  const key = await dialog.getByLabel("The key").inputValue();
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(page.getByText(key)).toHaveCount(0);

  const program = await playwright.request.newContext({
    baseURL: setting("E2E_APP_URL"),
    extraHTTPHeaders: { authorization: `Bearer ${key}` },
  });
  expect((await program.get("/api/v1/me")).status()).toBe(200);
  expect((await program.post("/api/v1/integrations/google/connect")).status()).toBe(403);

  await page.getByRole("button", { name: /Revoke the key that begins with/ }).click();
  await dialog.getByRole("button", { name: "Revoke the key" }).click();
  await expect(page.getByText("The key is revoked.")).toBeVisible();
  expect((await program.get("/api/v1/me")).status()).toBe(401);
  await program.dispose();
});

test("A name saved here is the name everywhere", async ({ page, context, person: _signedIn }) => {
  await page.goto("/settings");
  await expectAwake(page.getByLabel("Name"));
  await page.getByLabel("Name").fill("Zoé Lambert");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Account:" })).toContainText("Zoé Lambert");
  expect(await (await context.request.get("/api/v1/me")).json()).toMatchObject({ name: "Zoé Lambert" });
});

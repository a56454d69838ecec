import type { APIRequestContext, Page } from "@playwright/test";
import { setting } from "./support/environment";
import { integrations } from "./support/person";
import { expect, test } from "./support/test";

const PROTECTED = ["/integrations", "/calendar", "/history", "/settings"];

/** Names of the server actions that the pages' scripts call. */
async function actionIds(page: Page): Promise<string[]> {
  const scripts: Promise<string>[] = [];
  page.on("response", (response) => {
    if (response.headers()["content-type"]?.includes("javascript")) scripts.push(response.text());
  });
  for (const address of PROTECTED) await page.goto(address, { waitUntil: "networkidle" });
  const text = (await Promise.all(scripts)).join("\n");
  return [...new Set([...text.matchAll(/"([0-9a-f]{42})"/g)].map(([, id]) => id ?? ""))];
}

function callAction(
  request: APIRequestContext,
  id: string,
  body: string,
  headers: Record<string, string> = {},
) {
  return request.post("/integrations", {
    data: body,
    headers: { "next-action": id, "content-type": "text/plain;charset=UTF-8", ...headers },
    maxRedirects: 0,
  });
}

test("No server action runs for a stranger, another site or a page without origin (attacks 33 and 35)", async ({
  page,
  connection,
  context,
  playwright,
}) => {
  const ids = await actionIds(page);
  expect(ids.length).toBeGreaterThan(5);
  const before = await integrations(context.request);
  const stranger = await playwright.request.newContext({ baseURL: setting("E2E_APP_URL") });
  const wish = JSON.stringify([{ integrationId: connection.id, exportedEvents: "keep", nickname: "x" }]);
  const evil = { origin: "https://evil.example.test" };
  for (const id of ids) {
    const answers = [
      await callAction(stranger, id, wish, { origin: setting("E2E_APP_URL") }),
      await callAction(context.request, id, wish, evil),
      await callAction(context.request, id, wish),
    ];
    for (const answer of answers) expect(await answer.text()).not.toContain('"ok":true');
  }
  expect(await integrations(context.request)).toEqual(before);
  const proper = await Promise.all(
    ids.map(async (id) =>
      (await callAction(context.request, id, "[{}]", { origin: setting("E2E_APP_URL") })).text(),
    ),
  );
  expect(
    proper.some((text) => text.includes("invalid_input")),
    "these ids are actions",
  ).toBe(true);
  await stranger.dispose();
});

test("What a page shows is for its session alone, whatever the headers say (attacks 38, 39 and 46)", async ({
  connection,
  account,
  context,
  playwright,
}) => {
  expect(connection.status).toBe("connected");
  const stranger = await playwright.request.newContext({ baseURL: setting("E2E_APP_URL") });
  const middleware = "middleware:middleware:middleware:middleware:middleware";
  const tricks = [
    {},
    { "x-middleware-subrequest": middleware },
    { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
    { rsc: "1" },
    { rsc: "1", "next-router-prefetch": "1" },
    { rsc: "1", "next-router-prefetch": "2", "next-router-segment-prefetch": "/_tree" },
  ] as Record<string, string>[];
  for (const address of PROTECTED) {
    for (const headers of tricks) {
      const answer = await stranger.get(`${address}?_rsc=1`, { headers, maxRedirects: 0 });
      expect(await answer.text()).not.toContain(account.email);
    }
    expect(await (await stranger.get(`${address}.rsc`, { maxRedirects: 0 })).text()).not.toContain(
      account.email,
    );
    const own = await context.request.get(address);
    expect(own.status()).toBe(200);
    expect(own.headers()["cache-control"]).toMatch(/private.*no-store|no-store.*private/);
  }
  expect((await stranger.get("/api/v1/integrations")).status()).toBe(401);
  await stranger.dispose();
});

test("The answers carry their protections and none of our insides (attacks 41 and 44)", async ({
  context,
  person: _signedIn,
}) => {
  const { request } = context;
  const headers = (await request.get("/integrations")).headers();
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(headers["content-security-policy"]).not.toContain("unsafe-eval");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["x-powered-by"]).toBeUndefined();
  for (const path of ["/.git/config", "/.env", "/drizzle.config.ts", "/package.json"]) {
    expect((await request.get(path)).status(), path).toBe(404);
  }
  for (const url of ["http://127.0.0.1:5432", "//evil.example.test/x.png"]) {
    const answer = await request.get(`/_next/image?w=64&q=75&url=${encodeURIComponent(url)}`);
    expect([400, 404], url).toContain(answer.status());
  }
});

test("An unknown address is a designed page", async ({ page, guard, person: _signedIn }) => {
  guard.allow(/status of 404/);
  const answer = await page.goto("/there/is/nothing");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
});

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  ALICE,
  allow,
  authorizationUrl,
  BOB,
  choose,
  EVENTS,
  exchange,
  LIST,
  startSandbox,
  type TestSandbox,
} from "../../testing/test-sandbox";

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const toConsent = async (parameters = {}, account = ALICE) => {
  const browser = sandbox.browser();
  const page = await choose(browser, await browser.open(authorizationUrl(parameters)), account);
  return { browser, page };
};

test("A62 consent has one unticked box per scope beyond sign-in, in plain words", async () => {
  const { page } = await toConsent();
  const boxes = page.html.match(/<input type="checkbox" name="scope"[^>]*>/g) ?? [];
  expect(boxes).toHaveLength(2);
  expect(boxes.join()).not.toContain("checked");
  expect(page.html).toContain("View and edit events on all your calendars");
  expect(page.html).toContain("Select all");
});

test("A62 the scope answered is what was ticked, plus sign-in", async () => {
  const { browser, page } = await toConsent();
  const end = await allow(browser, page, [EVENTS]);
  const { body } = await exchange(sandbox, end.left?.searchParams.get("code") ?? "");
  const scopes = String(body.scope).split(" ").sort();
  expect(scopes).toEqual(
    [
      EVENTS,
      "https://www.googleapis.com/auth/userinfo.email",
      "https://www.googleapis.com/auth/userinfo.profile",
      "openid",
    ].sort(),
  );
});

test("A62 nothing ticked where only calendars were asked is access_denied", async () => {
  const { browser, page } = await toConsent({ scope: `${EVENTS} ${LIST}` });
  const end = await allow(browser, page, []);
  expect(end.left?.searchParams.get("error")).toBe("access_denied");
  expect(end.left?.searchParams.get("state")).toBe("st");
});

test("A62 nothing ticked beside sign-in still gives a code, for sign-in alone", async () => {
  const { browser, page } = await toConsent({ scope: `openid ${EVENTS}` });
  const end = await allow(browser, page, []);
  const { body } = await exchange(sandbox, end.left?.searchParams.get("code") ?? "");
  expect(body.scope).toBe("openid");
});

test("A62 Cancel is access_denied", async () => {
  const { browser, page } = await toConsent();
  const end = await browser.submit(page, "/signin/oauth/consent", { scope: [EVENTS], decision: "deny" });
  expect(end.left?.href).toContain("error=access_denied");
});

test("A62 a ticked scope that was never asked is not granted", async () => {
  const { browser, page } = await toConsent({ scope: `openid ${EVENTS}` });
  const end = await allow(browser, page, [EVENTS, LIST]);
  const { body } = await exchange(sandbox, end.left?.searchParams.get("code") ?? "");
  expect(body.scope).not.toContain(LIST);
});

test("A62 include_granted_scopes merges what was allowed before", async () => {
  const first = await toConsent({ scope: `openid ${EVENTS}` });
  await allow(first.browser, first.page, [EVENTS]);
  const { browser, page } = await toConsent({ scope: `openid ${LIST}`, include_granted_scopes: "true" });
  const end = await allow(browser, page, [LIST]);
  const { body } = await exchange(sandbox, end.left?.searchParams.get("code") ?? "");
  expect(body.scope).toContain(EVENTS);
  expect(body.scope).toContain(LIST);
});

test("A68 the chooser shows several users and the chosen one is who signs in", async () => {
  const browser = sandbox.browser();
  const chooser = await browser.open(authorizationUrl());
  expect(chooser.html).toContain(ALICE);
  expect(chooser.html).toContain(BOB);
  const end = await allow(browser, await choose(browser, chooser, BOB));
  const { body } = await exchange(sandbox, end.left?.searchParams.get("code") ?? "");
  expect(sandbox.vault.access(String(body.access_token))?.account).toBe(BOB);
});

test("A68 select_account shows the chooser to somebody who allowed everything before", async () => {
  const { browser, page } = await toConsent();
  await allow(browser, page);
  expect((await browser.open(authorizationUrl())).left?.searchParams.get("code")).toBeTruthy();
  const chooser = await browser.open(authorizationUrl({ prompt: "select_account" }));
  expect(chooser.html).toContain("Choose an account");
  const again = await choose(browser, chooser, ALICE);
  expect(again.left?.searchParams.get("code")).toBeTruthy();
});

test("A68 login_hint picks one of several signed-in accounts", async () => {
  const { browser, page } = await toConsent();
  await allow(browser, page);
  const other = await choose(
    browser,
    await browser.open(authorizationUrl({ prompt: "select_account" })),
    BOB,
  );
  await allow(browser, other);
  expect((await browser.open(authorizationUrl())).html).toContain("Choose an account");
  const end = await browser.open(authorizationUrl({ login_hint: BOB }));
  const { body } = await exchange(sandbox, end.left?.searchParams.get("code") ?? "");
  expect(sandbox.vault.access(String(body.access_token))?.account).toBe(BOB);
});

test("A68 the sign-in pages cut off their opener", async () => {
  const { browser, page } = await toConsent();
  expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin");
  const chooser = await browser.open(authorizationUrl({ prompt: "select_account" }));
  expect(chooser.headers.get("cross-origin-opener-policy")).toBe("same-origin");
});

test("A silent request (prompt=none) answers interaction_required, then consent_required, then a code", async () => {
  const { browser, page } = await toConsent({ scope: "openid" });
  const errorOf = async (opened: Promise<{ left?: URL }>) => (await opened).left?.searchParams.get("error");
  expect(await errorOf(sandbox.browser().open(authorizationUrl({ prompt: "none" })))).toBe(
    "interaction_required",
  );
  await allow(browser, page);
  expect(await errorOf(browser.open(authorizationUrl({ prompt: "none" })))).toBe("consent_required");
  const silent = await browser.open(authorizationUrl({ prompt: "none", scope: "openid" }));
  expect(silent.left?.searchParams.get("code")).toBeTruthy();
});

test.each([
  ["an unknown client", { client_id: "nobody" }, 401, "invalid_client"],
  [
    "a foreign redirect address",
    { redirect_uri: "https://evil.example/callback" },
    400,
    "redirect_uri_mismatch",
  ],
  [
    "another path on loopback",
    { redirect_uri: "http://localhost:3000/elsewhere" },
    400,
    "redirect_uri_mismatch",
  ],
  ["no response_type", { response_type: undefined }, 400, "invalid_request"],
  ["response_type=token", { response_type: "token" }, 400, "unsupported_response_type"],
  ["an unknown scope", { scope: "openid nonsense" }, 400, "invalid_scope"],
  ["no scope", { scope: undefined }, 400, "invalid_request"],
])(
  "An authorization request with %s ends on an error page, never in a redirect",
  async (_, parameters, status, error) => {
    const page = await sandbox.browser().open(authorizationUrl(parameters));
    expect(page.left).toBeUndefined();
    expect(page.status).toBe(status);
    expect(page.html).toContain(error);
  },
);

test("Any loopback port serves the registered path, unless the switch demands exact addresses", async () => {
  const redirect_uri = "http://127.0.0.1:45123/api/integrations/google/callback";
  const open = () => sandbox.browser().open(authorizationUrl({ redirect_uri }));
  expect((await open()).status).toBe(200);
  sandbox.switches.set("google.oauth.anyLoopbackRedirect", false);
  expect((await open()).html).toContain("redirect_uri_mismatch");
});

test("The pages speak French when the client or the browser asks for it", async () => {
  const page = await sandbox.browser().open(`${authorizationUrl()}&hl=fr`);
  expect(page.html).toContain("Choisir un compte");
  const home = await fetch(sandbox.origin, { headers: { "accept-language": "fr-FR,fr" } });
  expect(await home.text()).toContain("Bac à sable");
});

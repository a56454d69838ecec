import { setting } from "./support/environment";
import { syncElsewhere } from "./support/person";
import { putEvent } from "./support/sandbox";
import { expect, test } from "./support/test";

test("The built app counts what its background does, for whoever has the token", async ({
  account,
  connection,
  context,
}) => {
  await putEvent(account, "Réunion");
  await syncElsewhere(context.request, connection.id);
  const address = `${setting("E2E_APP_URL")}/api/metrics`;
  expect((await context.request.get(address)).status()).toBe(401);
  const headers = { authorization: `Bearer ${setting("E2E_METRICS_TOKEN")}` };
  const text = await (await context.request.get(address, { headers })).text();
  expect(text).toMatch(/^entente_runs_total\{kind="\w+",trigger="\w+",status="succeeded"\} [1-9]/m);
  expect(text).toMatch(/^entente_vendor_requests_total\{vendor="google",outcome="ok"\} [1-9]/m);
  expect(text).toMatch(/^entente_connections\{vendor="google",state="connected"\} [1-9]/m);
  expect(text).toMatch(/^entente_requests_budget\{vendor="google"\} 1000000$/m);
  expect(text).not.toContain(account.email);
  expect(text).not.toContain("Réunion");
  const ready = await context.request.get(`${setting("E2E_APP_URL")}/api/health/ready`);
  expect([ready.status(), (await ready.json()).reasons]).toEqual([200, []]);
});

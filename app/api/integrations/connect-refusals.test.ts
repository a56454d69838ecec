import { describe, expect, it } from "vitest";
import { startConsent } from "@/app/api/integrations/start-consent";
import { followLink, openLink } from "@/app/api/integrations/use-link";
import { newId } from "@/lib/platform/ids";
import { connectWorld, type SignedInPerson, signIn } from "@/tests/support/connect-world";
import { TEST_ORIGIN } from "@/tests/support/test-runtime";

const world = connectWorld();
const ACCEPT = "text/html,application/xhtml+xml,*/*;q=0.8";
const tired = () => ({
  ...world.runtime,
  limits: { ...world.runtime.limits, connect: { ...world.runtime.limits.connect, limit: 0 } },
});

function browse(path: string, { cookie }: SignedInPerson, method = "GET"): Request {
  const headers = { cookie, accept: ACCEPT, origin: TEST_ORIGIN };
  return new Request(new URL(path, TEST_ORIGIN), { method, headers });
}

const placeOf = (response: Response) => [response.status, response.headers.get("location")];
const at = (path: string) => [303, TEST_ORIGIN + path];

describe("a person whose browser asked for a page", () => {
  it("reads that a connection to renew is gone, in the tab or the popup it was asked for", async () => {
    const person = await signIn(world);
    const query = `integrationId=${newId(new Date())}&returnTo=/calendar`;
    const path = `/api/integrations/google/connect?${query}`;
    const here = await startConsent(world.runtime, browse(path, person), "google");
    expect(placeOf(here)).toEqual(at("/calendar?connect=closed&reason=connection_unknown"));
    const popup = await startConsent(world.runtime, browse(`${path}&popup=1`, person), "google");
    expect(placeOf(popup)).toEqual(at("/connect/finished?outcome=closed&reason=connection_unknown"));
  });

  it("reads that it was too often, whether they connect or follow a link", async () => {
    const person = await signIn(world);
    const begun = await startConsent(tired(), browse("/api/integrations/google/connect", person), "google");
    const followed = await followLink(tired(), browse("/api/integrations/links/x", person, "POST"), "x");
    for (const response of [begun, followed]) {
      expect(placeOf(response)).toEqual(at("/integrations?connect=closed&reason=too_many"));
    }
    const renewal = `integrationId=${newId(new Date())}`;
    const again = browse(`/api/integrations/google/connect?${renewal}`, person);
    expect(placeOf(await startConsent(tired(), again, "google"))).toEqual(
      at(`/integrations?connect=closed&reason=too_many&${renewal}`),
    );
  });

  it("reads that a vendor is not set up, and what is wrong with a link", async () => {
    const person = await signIn(world);
    const path = "/api/integrations/microsoft/connect";
    const absent = await startConsent(world.runtime, browse(path, person), "microsoft");
    expect(placeOf(absent)).toEqual(at("/integrations?connect=misconfigured&provider=microsoft"));
    const link = await openLink(world.runtime, browse("/api/integrations/links/x", person), "x");
    expect(placeOf(link)).toEqual(at("/integrations/connect/x"));
  });
});

describe("a program", () => {
  it("gets the problem with its status", async () => {
    const person = await signIn(world);
    const plain = new Request(new URL("/api/integrations/google/connect", TEST_ORIGIN), {
      headers: { cookie: person.cookie },
    });
    const answer = await startConsent(tired(), plain, "google");
    expect([answer.status, await answer.json()]).toMatchObject([429, { code: "rate_limited" }]);
  });
});

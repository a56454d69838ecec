import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createProviderFetch, OutboundError, type OutboundRecord } from "@/lib/platform/http";

const GOOGLE = "https://www.googleapis.com";
let server: Server | undefined;
afterEach(() => server?.close());

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

async function door(listener: RequestListener, options: { timeoutMs?: number; maxBytes?: number } = {}) {
  const origin = await serve(listener);
  const records: OutboundRecord[] = [];
  const fetch = createProviderFetch({
    origins: new Map([[GOOGLE, origin]]),
    observe: (record) => records.push(record),
    ...options,
  });
  return { fetch, records };
}

async function faultOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OutboundError)) throw new Error(`not refused: ${error}`);
  return error.fault;
}

describe("the door to the outside", () => {
  it("speaks to whoever the origin map names, path and query as at the vendor", async () => {
    const { fetch, records } = await door((request, response) =>
      response.end(`${request.method} ${request.url}`),
    );
    const answer = await fetch(`${GOOGLE}/calendar/v3/a%40b?x=1%2B2`, { method: "POST", body: "{}" });
    expect(await answer.text()).toBe("POST /calendar/v3/a%40b?x=1%2B2");
    expect(records).toMatchObject([{ origin: GOOGLE, method: "POST", status: 200, fault: null }]);
  });

  it("takes Request objects, as client libraries pass them, with body and headers", async () => {
    const { fetch } = await door(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      response.end(`${request.headers["x-a"]} ${body}`);
    });
    const answer = await fetch(
      new Request(`${GOOGLE}/x`, { method: "POST", body: "hello", headers: { "x-a": "1" } }),
    );
    expect(await answer.text()).toBe("1 hello");
  });

  it.each(["https://evil.test/", "http://127.0.0.1:5432/", "http://169.254.169.254/", "file:///etc/passwd"])(
    "refuses %s without a connection",
    async (address) => {
      const fetch = createProviderFetch({ origins: new Map() });
      expect(await faultOf(fetch(address))).toBe("not_allowed");
    },
  );

  it("follows no redirect, so that a token never reaches another host", async () => {
    const { fetch } = await door((_, response) =>
      response.writeHead(302, { location: "https://evil.test/" }).end(),
    );
    expect(await faultOf(fetch(`${GOOGLE}/x`, { headers: { authorization: "Bearer t" } }))).toBe(
      "redirected",
    );
  });

  it("gives up on an answer that is too large, announced or not", async () => {
    const announced = await door((_, response) => response.end(Buffer.alloc(2_000)), { maxBytes: 1_000 });
    expect(await faultOf(announced.fetch(`${GOOGLE}/x`))).toBe("too_large");
    server?.close();
    const streamed = await door(
      (_, response) => {
        response.write(Buffer.alloc(900));
        response.end(Buffer.alloc(900));
      },
      { maxBytes: 1_000 },
    );
    expect(await faultOf(streamed.fetch(`${GOOGLE}/x`))).toBe("too_large");
  });

  it("gives up on an answer that never ends", async () => {
    const { fetch, records } = await door((_, response) => void response.write("x"), { timeoutMs: 50 });
    expect(await faultOf(fetch(`${GOOGLE}/x`))).toBe("timeout");
    expect(records).toMatchObject([{ status: null, fault: "timeout" }]);
  });

  it("calls a cut connection a network fault", async () => {
    const { fetch } = await door((request) => void request.socket.destroy());
    expect(await faultOf(fetch(`${GOOGLE}/x`))).toBe("network");
  });

  it("hands on answers without a body", async () => {
    const { fetch } = await door((_, response) => response.writeHead(204).end());
    expect((await fetch(`${GOOGLE}/x`)).status).toBe(204);
  });
});

import { Inngest } from "inngest";
import { serve } from "inngest/edge";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WordlessErrors } from "@/inngest/wordless-errors";
import type { Exchange } from "@/scripts/inngest/relay";
import { KEYS } from "@/scripts/inngest/server-process";
import { type ProbeLog, probeFunctions } from "./probe";
import { type InngestStandIn, startStandIn } from "./stand-in";
import { callLike, recorded, recordedCall } from "./wire";

let server: InngestStandIn;
let client: Inngest;
let log: ProbeLog;
let answer: (request: Request) => Promise<Response>;

beforeAll(async () => {
  server = await startStandIn();
  client = new Inngest({
    ...{ id: "probe", isDev: false, baseUrl: server.origin, middleware: [WordlessErrors] },
    ...{ signingKey: KEYS.signing, eventKey: KEYS.event, logger: SILENT, internalLogger: SILENT },
  });
});
beforeEach(() => {
  log = { done: [] };
  server.checkpoints.length = 0;
  answer = serve({ client, functions: probeFunctions(client, log) });
});
afterAll(() => server.close());

const quiet = () => undefined;
const SILENT = { info: quiet, warn: quiet, error: quiet, debug: quiet };
const probes = recorded("start").filter(
  ({ from, request }) => from === "server" && request.path.includes("fnId=probe-"),
);

interface Answered {
  status: number;
  noRetry: string | null;
  retryAfter: string | null;
  body: unknown;
}

/** What the server acts on; not when a step ran, where its error was thrown, nor what a test's function returned. */
function essence(text: string): unknown {
  return JSON.parse(text, (key, value) => {
    if (["timing", "stack", "data", "rawArgs"].includes(key)) return undefined;
    return value as unknown;
  });
}

async function replay(exchange: Exchange): Promise<Answered> {
  const response = await answer(callLike(exchange));
  return {
    status: response.status,
    noRetry: response.headers.get("x-inngest-no-retry"),
    retryAfter: response.headers.get("retry-after"),
    body: essence(await response.text()),
  };
}

describe("what a real server asked", () => {
  it.each(probes.map((exchange, index) => [`${index} ${exchange.request.path}`, exchange] as const))(
    "is answered as it was: %s",
    async (_name, exchange) => {
      const { status, headers, body } = exchange.response;
      expect(await replay(exchange)).toEqual({
        status,
        noRetry: headers["x-inngest-no-retry"] ?? null,
        retryAfter: headers["retry-after"] ?? null,
        body: essence(body),
      });
      expect(server.faults).toEqual([]);
    },
  );

  it("is all there: steps that ran, failed, wait, are planned, and runs that end", () => {
    const ops = probes.flatMap(({ response }) =>
      [...response.body.matchAll(/"op":"(\w+)"/g)].map(([, op]) => op),
    );
    expect([...new Set(ops)].sort()).toEqual([
      "RunComplete",
      "StepError",
      "StepFailed",
      "StepPlanned",
      "StepRun",
    ]);
  });
});

describe("how a run goes on", () => {
  it("steps in a row run in one call, and each is told of once", async () => {
    expect(await replay(recordedCall("probe-two-steps"))).toMatchObject({ body: [{ op: "RunComplete" }] });
    expect(log.done).toEqual(["first", "second"]);
    expect(server.checkpoints.flatMap(({ steps }) => steps.map(({ op }) => op))).toEqual([
      "StepRun",
      "StepRun",
    ]);
  });

  it("a step the server knows the result of is not run again", async () => {
    const { request } = recordedCall("probe-retry-after");
    const [step] = JSON.parse(recordedCall("probe-retry-after", "step", 1).response.body) as { id: string }[];
    const steps = { [step?.id ?? ""]: { type: "data", data: 7 } };
    const response = await answer(callLike({ ...recordedCall("probe-retry-after"), request }, { steps }));
    expect(JSON.parse(await response.text())).toMatchObject([{ op: "RunComplete", data: 7 }]);
    expect(log.done).toEqual([]);
  });

  it("a step that asks for time says how long, in a form the server reads", async () => {
    expect(await replay(recordedCall("probe-retry-after"))).toMatchObject({
      noRetry: "false",
      retryAfter: "2",
    });
  });

  it("what must not be tried again says so", async () => {
    expect(await replay(recordedCall("probe-no-retry"))).toMatchObject({ status: 400, noRetry: "true" });
    expect(log.done).toEqual(["gave up"]);
  });

  it("the failure of a run is told to the function that waits for it", async () => {
    await replay(recordedCall("probe-failing-step-failure"));
    expect(log.done).toEqual(["told of the failure"]);
  });

  it("no word of an error reaches the server, which keeps it for good", async () => {
    for (const attempt of [0, 1]) {
      const response = await answer(callLike(recordedCall("probe-failing-step", "step", attempt)));
      const text = `${await response.text()}${JSON.stringify(server.checkpoints)}`;
      expect(text).toContain("JobError");
      expect(text).not.toMatch(/alice|relation|does not exist|\.ts:\d/i);
    }
    const kept = JSON.stringify(recorded("start"));
    expect(kept).not.toMatch(/alice|does not exist/i);
  });
});

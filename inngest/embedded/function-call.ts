import { type Answer, readAnswer } from "@/inngest/embedded/protocol";
import type { Run } from "@/inngest/embedded/run";

/** What `serve` of `inngest/edge` returns: called in process, no port involved. */
export type ServeHandler = (request: Request) => Promise<Response>;

/** Nothing listens there: the SDK only needs an address to speak about. */
export const EMBEDDED_ORIGIN = "http://embedded.local";
const SERVE_PATH = "/api/inngest";
const DISCOVERY_STEP = "step";

/** A call for one planned step, or, with `requestId`, for whatever the function does next. */
export type CallTarget = { attempt: number } & ({ stepId: string } | { requestId: string });

export async function callFunction(
  handler: ServeHandler,
  run: Run,
  target: CallTarget,
): Promise<{ answer: Answer; discoversEagerly: boolean }> {
  const stepId = "stepId" in target ? target.stepId : DISCOVERY_STEP;
  const query = new URLSearchParams({ fnId: run.definition.id, stepId });
  const requestId = "requestId" in target ? target.requestId : `${run.id}:${stepId}:${target.attempt}`;
  const response = await handler(
    new Request(`${EMBEDDED_ORIGIN}${SERVE_PATH}?${query}`, {
      method: "POST",
      headers: serveHeaders({ "x-run-id": run.id, "x-request-id": requestId }),
      body: JSON.stringify(callBody(run, target.attempt, requestId)),
    }),
  );
  const answer = readAnswer(response.status, response.headers, await response.text());
  // A function with `optimizeParallelism: false` speaks version 1, in which every step is followed by a look.
  return { answer, discoversEagerly: response.headers.get("x-inngest-req-version") === "1" };
}

/** Asks the SDK to register its functions, which it does by calling back through the client's `fetch`. */
export async function requestRegistration(handler: ServeHandler): Promise<void> {
  const request = new Request(EMBEDDED_ORIGIN + SERVE_PATH, { method: "PUT", headers: serveHeaders({}) });
  const response = await handler(request);
  if (!response.ok) {
    throw new Error(
      `The job functions could not be registered (${response.status}): ${await response.text()}`,
    );
  }
}

function callBody(run: Run, attempt: number, requestId: string): Record<string, unknown> {
  return {
    version: 2,
    event: run.events[0],
    events: run.events,
    steps: Object.fromEntries(run.steps),
    ctx: {
      run_id: run.id,
      fn_id: run.definition.id,
      qi_id: requestId,
      attempt,
      max_attempts: run.definition.maxAttempts,
      // With something outstanding a step run on the spot could be run again by the call that follows.
      disable_immediate_execution: run.outstanding.size > 0,
      use_api: false,
      stack: { stack: run.stack, current: run.stack.length },
    },
  };
}

function serveHeaders(headers: Record<string, string>): Record<string, string> {
  // Without a host header the edge adapter builds its own address from nothing and answers 500.
  return {
    host: new URL(EMBEDDED_ORIGIN).host,
    "content-type": "application/json",
    "x-inngest-req-version": "2",
    ...headers,
  };
}

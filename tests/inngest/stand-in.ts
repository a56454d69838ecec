import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { recorded, shapeOf } from "./wire";

type Answer = { status: number; body: string } | "lost";

export interface InngestStandIn {
  origin: string;
  registrations: { functions: Record<string, unknown>[]; url: string }[];
  /** Every event it was given, repeated sends included. */
  events: { id?: string; name: string; data: unknown }[];
  checkpoints: { runId: string; steps: { op: string; data?: unknown }[] }[];
  /** What was sent that the recorded server has never seen. */
  faults: string[];
  /** What the next requests of a kind are answered, in order; afterwards it answers as recorded. */
  next: Record<"events" | "checkpoint" | "register", Answer[]>;
  close(): Promise<void>;
}

// A step in a checkpoint carries what its function returned, and whatever the SDK has on it: only our part is judged.
const FREE = /^\.steps\[\]\.(?!op:|id:|name:)|^\[\]\.data|^\.featureObservations|^\.generation_id/;
const WIRE = recorded("start").filter(({ from }) => from === "app");

/** Answers as the server was recorded to, and notes whatever is sent in another shape than was recorded. */
export async function startStandIn(): Promise<InngestStandIn> {
  const made: InngestStandIn = {
    origin: "",
    registrations: [],
    events: [],
    checkpoints: [],
    faults: [],
    next: { events: [], checkpoint: [], register: [] },
    close: async () => undefined,
  };
  const server = createServer((incoming, outgoing) => {
    take(made, incoming, outgoing).catch((error: unknown) => {
      made.faults.push(String(error));
      outgoing.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  made.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  made.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return made;
}

async function take(
  made: InngestStandIn,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const path = incoming.url ?? "";
  const kind = path.startsWith("/fn/register")
    ? "register"
    : path.startsWith("/e/")
      ? "events"
      : "checkpoint";
  const body: unknown = JSON.parse(text);
  judge(made, kind, incoming, body);
  const answer = made.next[kind].shift() ?? usual(made, kind, path, body);
  if (answer === "lost") {
    usual(made, kind, path, body); // It was taken; only the answer does not arrive.
    incoming.socket.destroy();
    return;
  }
  outgoing.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
}

/** Takes what was sent and says what the server said. */
function usual(
  made: InngestStandIn,
  kind: string,
  path: string,
  body: unknown,
): { status: number; body: string } {
  if (kind === "register") {
    made.registrations.push(body as InngestStandIn["registrations"][number]);
    return {
      status: 200,
      body: WIRE.find(({ request }) => request.path === "/fn/register")?.response.body ?? "",
    };
  }
  if (kind === "events") {
    const events = body as InngestStandIn["events"];
    made.events.push(...events);
    return {
      status: 200,
      body: JSON.stringify({ ids: events.map((_, at) => `01M8${made.events.length + at}`), status: 200 }),
    };
  }
  const runId = /\/v1\/checkpoint\/([^/]+)\/async/.exec(path)?.[1];
  if (runId === undefined) throw new Error(`nothing of a server answers ${path}`);
  made.checkpoints.push({ runId, steps: (body as { steps: [] }).steps });
  return { status: 200, body: "" };
}

function judge(made: InngestStandIn, kind: string, incoming: IncomingMessage, body: unknown): void {
  const like = WIRE.filter(({ request }) => {
    const prefix = { register: "/fn/register", events: "/e/", checkpoint: "/v1/checkpoint/" }[kind] ?? "?";
    return request.path.startsWith(prefix);
  });
  const headers = Object.keys(like[0]?.request.headers ?? {});
  for (const name of headers) {
    if (incoming.headers[name] === undefined) made.faults.push(`${kind}: no header ${name}`);
  }
  const authorization = like[0]?.request.headers.authorization;
  if (authorization !== undefined && incoming.headers.authorization !== authorization) {
    made.faults.push(`${kind}: authorization`);
  }
  const known = new Set(like.flatMap(({ request }) => [...shapeOf(JSON.parse(request.body))]));
  for (const place of shapeOf(body)) {
    // Steps of a definition are keyed by step, which is always "step" here.
    if (!known.has(place) && !FREE.test(place)) made.faults.push(`${kind}: ${place}`);
  }
}

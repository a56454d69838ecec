import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as route from "@/app/api/webhooks/google/route";

export interface WebhookServer {
  origin: string;
  /** Status of each answer, in order. */
  answers: number[];
  /** Runs before a message reaches the route, e.g. to let it wait. */
  before: ((request: IncomingMessage) => Promise<void>) | null;
  close(): Promise<void>;
}

/** The route of the webhooks alone, behind a real server, as Next calls it. */
export async function startWebhookServer(): Promise<WebhookServer> {
  const made: WebhookServer = { origin: "", answers: [], before: null, close: async () => undefined };
  const server = createServer((incoming, outgoing) => {
    answer(made, incoming, outgoing).catch(() => outgoing.destroy());
  });
  // A connection given up while idle could be one that somebody just sent a message on.
  server.keepAliveTimeout = 240_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  made.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  made.close = () => closed(server);
  return made;
}

async function answer(
  made: WebhookServer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  await made.before?.(incoming);
  const method = incoming.method ?? "GET";
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  const handler = (route as unknown as Record<string, (request: Request) => Promise<Response>>)[method];
  const response =
    handler === undefined || !incoming.url?.startsWith("/api/webhooks/google")
      ? new Response(null, { status: 404 })
      : await handler(new Request(`${made.origin}${incoming.url}`, { method, headers }));
  made.answers.push(response.status);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end();
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

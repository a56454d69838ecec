import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** One call and its answer as they went over the wire. Bodies are text. */
export interface Exchange {
  from: "app" | "server";
  request: { method: string; path: string; headers: IncomingHttpHeaders; body: string };
  response: { status: number; headers: IncomingHttpHeaders; body: string };
}

export interface Relay {
  origin: string;
  close(): Promise<void>;
}

/**
 * Stands before a program on this machine and hands everything on unchanged, `Host` included: so an app registers the
 * relay's address, and what is said both ways can be looked at.
 */
export async function startRelay(
  from: Exchange["from"],
  target: () => string,
  heard: (exchange: Exchange) => void,
): Promise<Relay> {
  const server = createServer((incoming, outgoing) => {
    pass(from, target(), heard, incoming, outgoing).catch(() => {
      outgoing.writeHead(502).end(); // Whoever is behind is not there (yet): callers try again.
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function pass(
  from: Exchange["from"],
  target: string,
  heard: (exchange: Exchange) => void,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method = "GET", url: path = "/", headers } = incoming;
  const body = await textOf(incoming);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(path, target), { method, headers, setHost: false }, resolve)
      .on("error", reject)
      .end(body);
  });
  const response = { status: answer.statusCode ?? 502, headers: answer.headers, body: await textOf(answer) };
  heard({ from, request: { method, path, headers, body }, response });
  const { "transfer-encoding": _chunked, ...kept } = response.headers;
  outgoing
    .writeHead(response.status, { ...kept, "content-length": Buffer.byteLength(response.body) })
    .end(response.body);
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

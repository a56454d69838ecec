import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { type Bench, openBench } from "../calendar/test-bench";

interface Received {
  method: string | undefined;
  path: string | undefined;
  body: string;
  headers: IncomingHttpHeaders;
  state: string;
  number: number;
}

/** Where messages arrive. Answers 200, or what `answers` holds next: a status, a redirect's target, or `null` for never. */
interface Receiver {
  address: string;
  received: Received[];
  answers: (number | string | null)[];
  /** Resolves with all messages as soon as there are so many. */
  until(count: number): Promise<Received[]>;
  close(): Promise<void>;
}

async function openReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers: (number | string | null)[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method, url: path, headers } = request;
    const state = String(headers["x-goog-resource-state"]);
    received.push({ method, path, body, headers, state, number: Number(headers["x-goog-message-number"]) });
    const answer = answers.length > 0 ? answers.shift() : 200;
    if (typeof answer === "number") response.writeHead(answer).end();
    if (typeof answer === "string") response.writeHead(307, { location: answer }).end();
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answers,
    until: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (received.length < count) return;
          waiting.delete(look);
          resolve(received);
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A bench with a receiver, and what the control API of channels answers. */
export interface PushBench extends Bench {
  receiver: Receiver;
  push(name: string, value: string | number | boolean): void;
  control(path: string, body?: object): Promise<Record<string, unknown>>;
  /** Lets everything that is due go out, and waits for it. Then whatever did not arrive will not. */
  settle(): Promise<void>;
  deliveries(): Promise<{ channelId: string; outcome: string; answer: number | string; number: number }[]>;
  close(): Promise<void>;
}

export async function openPushBench(options?: Parameters<typeof openBench>[0]): Promise<PushBench> {
  const bench = await openBench(options);
  const receiver = await openReceiver();
  const url = `${bench.origin}/sandbox/api/channels`;
  const control = async (path: string, body: object = {}) => {
    const response = await fetch(`${url}/${path}`, { method: "POST", body: JSON.stringify(body) });
    return (await response.json()) as Record<string, unknown>;
  };
  return {
    ...bench,
    receiver,
    control,
    push: (name, value) => bench.sandbox.switches.set(`google.push.${name}`, value),
    async settle() {
      await control("deliver");
    },
    async deliveries() {
      const { deliveries } = (await (await fetch(`${url}/deliveries`)).json()) as { deliveries: [] };
      return deliveries;
    },
    async close() {
      await bench.sandbox.close();
      await receiver.close();
    },
  };
}

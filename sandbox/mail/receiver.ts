import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import type { Core } from "../core/context";
import type { ArmedFault } from "../core/faults";
import type { Mailbox } from "./mailbox";

const MOST_BYTES = 5_000_000;

export interface Receiver {
  /** Port 0 picks a free one; always on 127.0.0.1. Answers `smtp://127.0.0.1:PORT`. */
  listen(port?: number): Promise<string>;
  /** Cuts open connections; can listen again afterwards. */
  stop(): Promise<void>;
}

type Step = (fault: ArmedFault | undefined) => Promise<void>;

/** A mail server that takes everything for everybody and passes nothing on. Struck by faults on `smtp.*`. */
export function createReceiver(core: Core, mailbox: Mailbox): Receiver {
  let server: SMTPServer | undefined;
  const cut = ({ id }: SMTPServerSession): Promise<never> => {
    for (const connection of server?.connections ?? []) {
      if (connection.id === id) connection._socket.resetAndDestroy();
    }
    return new Promise(() => undefined);
  };
  const run = async (session: SMTPServerSession, operation: string, account: string, work: Step) => {
    const startedAt = performance.now();
    const fault = core.faults.strike(operation, { account, clientId: "", scopes: new Set() });
    const record = (status: number) =>
      core.ledger.record({
        ...{ at: core.clock.ms(), method: "SMTP", path: account, query: "", account, operation, status },
        ...{ durationMs: performance.now() - startedAt, fault: fault?.kind },
      });
    try {
      if (fault?.kind === "reset_before") return await cut(session);
      if (fault?.kind === "never") return await new Promise<never>(() => undefined);
      if (fault?.kind === "slow") await (fault.until ?? sleep(fault.delayMs ?? 5_000));
      await work(fault);
    } catch (error) {
      record(statusOf(error));
      throw error;
    }
    record(250);
    if (fault?.kind === "reset_after") await cut(session);
  };
  const create = () =>
    new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      disableReverseLookup: true,
      closeTimeout: 1,
      size: MOST_BYTES,
      logger: false,
      onAuth: ({ username }, _session, callback) => callback(null, { user: username }),
      onRcptTo: ({ address }, session, callback) =>
        void run(session, "smtp.recipient", address, async (fault) => refuse(fault)).then(
          () => callback(),
          callback,
        ),
      onData: (stream, session, callback) =>
        void readAll(stream)
          .then((bytes) => {
            const from = session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address;
            const to = session.envelope.rcptTo.map(({ address }) => address);
            return run(session, "smtp.data", to[0] ?? "", async (fault) => {
              refuse(fault);
              mailbox.keep({ from, to, raw: bytes.toString("latin1") });
            });
          })
          .then(() => callback(), callback),
    });
  return {
    listen: (port = 0) =>
      new Promise((resolve, reject) => {
        const made = create();
        made.on("error", (error: Error) => {
          if (server === made) process.stderr.write(`SMTP: ${error.message}\n`);
          else reject(error);
        });
        made.listen(port, "127.0.0.1", () => {
          server = made;
          resolve(`smtp://127.0.0.1:${(made.server.address() as AddressInfo).port}`);
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        const stopping = server;
        server = undefined;
        if (stopping === undefined) return resolve();
        stopping.close(() => resolve());
        for (const connection of stopping.connections) connection._socket.destroy();
      }),
  };
}

class Refused extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

function refuse(fault: ArmedFault | undefined): void {
  if (fault?.kind === "recipient_refused") throw new Refused(550, "5.1.1 No such mailbox here");
  if (fault?.kind === "greylisted") throw new Refused(451, "4.7.1 Greylisted, try again later");
}

function statusOf(error: unknown): number {
  return error instanceof Refused ? error.responseCode : 0;
}

async function readAll(stream: NodeJS.ReadableStream & { sizeExceeded?: boolean }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  if (stream.sizeExceeded === true) throw new Refused(552, "5.3.4 Message too big");
  return Buffer.concat(chunks);
}

import type { Core, Service } from "../core/context";
import { addInboxPages } from "./inbox-pages";
import { addMailRoutes } from "./mail-routes";
import { createMailbox, type Mailbox } from "./mailbox";
import { createReceiver, type Receiver } from "./receiver";

/** The mail server and the inbox of everybody. */
export interface MailDesk extends Mailbox, Receiver {}

export function createMailService(core: Core): { mail: MailDesk; service: Service } {
  const mailbox = createMailbox(core);
  const receiver = createReceiver(core, mailbox);
  return {
    mail: { ...mailbox, ...receiver },
    service: {
      addRoutes(routes) {
        addMailRoutes(routes, mailbox);
        addInboxPages(routes, mailbox);
      },
      seed: () => undefined,
      close: () => void receiver.stop(),
    },
  };
}

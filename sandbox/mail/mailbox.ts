import type { Core } from "../core/context";

/** A message as it was taken: the envelope, and every byte. */
export interface StoredMail {
  id: string;
  receivedAt: number;
  from: string;
  to: string[];
  /** The message itself, as Latin-1 text: one character per byte. */
  raw: string;
}

/** What was received, the newest 200. Survives a restart like everything else. */
export interface Mailbox {
  keep(mail: Omit<StoredMail, "id" | "receivedAt">): StoredMail;
  /** Newest first. */
  list(): StoredMail[];
  get(id: string): StoredMail | undefined;
  clear(): void;
}

const MOST_KEPT = 200;

export function createMailbox({ store, clock }: Pick<Core, "store" | "clock">): Mailbox {
  const mails = store.collection<StoredMail>("mails");
  const sequence = store.collection<number>("mail.sequence");
  return {
    keep(mail) {
      const number = (sequence.get("last") ?? 0) + 1;
      sequence.set("last", number);
      const kept = mails.set(`m${number}`, { ...mail, id: `m${number}`, receivedAt: clock.ms() });
      // A map keeps the order of insertion, across a restart too.
      for (const [oldest] of mails.entries()) {
        if (mails.size <= MOST_KEPT) break;
        mails.delete(oldest);
      }
      return kept;
    },
    list: () => [...mails.values()].reverse(),
    get: (id) => mails.get(id),
    clear: () => mails.clear(),
  };
}

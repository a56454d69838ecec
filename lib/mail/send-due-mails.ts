import type { Services } from "@/lib/connections/services";
import { prepareBookingMail } from "@/lib/mail/booking-mail";
import { type ClaimedMail, claimMail } from "@/lib/mail/claim";
import { prepareConnectionMail } from "@/lib/mail/connection-mail";
import type { RenderMail } from "@/lib/mail/mail-content";
import { markDropped, markFailed, markSent } from "@/lib/mail/outcomes";
import { countWaitingMails } from "@/lib/mail/waiting-mails";
import { describeError, log } from "@/lib/platform/log";
import { MailError, type MailTransport } from "@/lib/platform/mail";

const AT_ONCE = 5;
const MOST_PER_RUN = 5_000;

export interface MailReport {
  sent: number;
  /** Nobody needs them any more, or there is no address to send them to. */
  dropped: number;
  /** Tried in vain; tried again later. */
  failed: number;
  /** Due and untouched: no mail server is configured, or it cannot be reached. */
  waiting: number;
}

/**
 * Sends every mail that is due. At least once: a crash between the server's yes and our note of it sends a mail
 * again, under the same Message-ID. A server that cannot be reached ends the run, for the next one to try.
 */
export async function sendDueMails(services: Services, render: RenderMail): Promise<MailReport> {
  const { db, mail: transport } = services;
  const report: MailReport = { sent: 0, dropped: 0, failed: 0, waiting: 0 };
  let left = MOST_PER_RUN;
  let reachable = transport !== null;
  const worker = async (server: MailTransport) => {
    while (reachable && left > 0) {
      left -= 1;
      const mail = await claimMail(db, services.clock.now());
      if (mail === null) return;
      const outcome = await deliver(services, server, render, mail);
      if (outcome === "unreachable") reachable = false;
      report[outcome === "unreachable" ? "failed" : outcome] += 1;
    }
  };
  if (transport !== null) await Promise.all(Array.from({ length: AT_ONCE }, () => worker(transport)));
  if (!reachable) report.waiting = await countWaitingMails(db, services.clock.now());
  return report;
}

type Outcome = "sent" | "dropped" | "failed" | "unreachable";

/** One mail, whose failure touches no other. */
async function deliver(
  services: Services,
  transport: MailTransport,
  render: RenderMail,
  mail: ClaimedMail,
): Promise<Outcome> {
  const { db, clock, random } = services;
  try {
    const prepared = await prepare(services, transport, mail);
    if ("drop" in prepared) {
      await markDropped(db, mail, prepared.drop, clock.now(), prepared.all);
      return "dropped";
    }
    const { to, content, calendar, told } = prepared;
    const words = await render(content);
    await transport.send({ messageId: messageId(services, mail), to, ...words, calendar });
    await markSent(db, mail, told, clock.now());
    return "sent";
  } catch (error) {
    const fault = error instanceof MailError ? error.fault : "internal";
    log.warn(
      { mailId: mail.id, kind: mail.kind, fault, err: describeError(error) },
      "mail could not be sent",
    );
    if (fault === "refused") {
      await markDropped(db, mail, "refused", clock.now());
      return "dropped";
    }
    await markFailed(db, mail, fault === "internal" ? fault : describeFault(error), {
      now: clock.now(),
      random,
    });
    return fault === "unreachable" ? "unreachable" : "failed";
  }
}

async function prepare(services: Services, transport: MailTransport, mail: ClaimedMail) {
  const { bookingId, connectionId } = mail;
  if (bookingId !== null) return prepareBookingMail(services, transport, { ...mail, bookingId });
  if (connectionId === null) return { drop: "gone" as const, all: false };
  const prepared = await prepareConnectionMail(services, { ...mail, connectionId });
  return "drop" in prepared ? prepared : { ...prepared, calendar: null, told: null };
}

/** The same for every attempt, so that whoever gets a mail twice sees it once. */
function messageId({ appOrigin }: Services, { id }: ClaimedMail): string {
  return `<${id}@${new URL(appOrigin).hostname.replace(/^\[|\]$/g, "")}>`;
}

function describeFault(error: unknown): string {
  if (!(error instanceof MailError)) return "internal";
  return error.fault === "uncertain" ? error.fault : `${error.fault}: ${error.message}`;
}

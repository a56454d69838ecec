import type { Clock } from "../../core/clock";
import type { Delivery, DeliveryLog, Outcome } from "./delivery-log";
import { headersOf, type Message } from "./message";
import { type PostResult, postToLoopback } from "./post";
import type { PushSwitches } from "./switches";

/** Carries messages to their receivers and writes down what became of them. */
export interface Courier {
  /** One try. Answers the milliseconds after which to try again, if at all. */
  attempt(message: Message): Promise<number | undefined>;
  /** One try and no other, to that address with those headers. */
  sendOnce(message: Message, address: string, headers: Record<string, string>): Promise<PostResult>;
  write(message: Message, outcome: Outcome, answer?: Delivery["answer"]): void;
  close(): void;
}

// https://developers.google.com/workspace/calendar/api/guides/push ("Respond to notifications")
const ACCEPTED = [102, 200, 201, 202, 204];
const RETRIED = [500, 502, 503, 504];

export function createCourier(clock: Clock, log: DeliveryLog, switches: PushSwitches): Courier {
  const closing = new AbortController();
  const write: Courier["write"] = ({ channel, state, number, attempt }, outcome, answer = "") =>
    log.record({
      at: clock.ms(),
      channelId: channel.id,
      account: channel.account,
      state,
      number,
      attempt,
      outcome,
      answer,
    });
  const send = (address: string, headers: Record<string, string>) =>
    postToLoopback(address, headers, { timeoutMs: switches.timeoutMs(), signal: closing.signal });
  return {
    write,
    async sendOnce(message, address, headers) {
      const result = await send(address, headers);
      write(message, judge(result, false), answerIn(result));
      return result;
    },
    close: () => closing.abort(),
    async attempt(message) {
      message.attempt += 1;
      if (message.channel.expiration <= clock.ms()) {
        write(message, "expired");
        return undefined;
      }
      const result = await send(message.channel.address, headersOf(message));
      if (closing.signal.aborted) return undefined;
      const outcome = judge(result, message.attempt <= switches.retries());
      write(message, outcome, answerIn(result));
      return outcome === "retried" ? switches.backoff() * 1_000 * 2 ** (message.attempt - 1) : undefined;
    },
  };
}

// No answer in time is treated as a 504 would be; Google does not say what it does then.
function judge(result: PostResult, mayRetry: boolean): Outcome {
  if ("problem" in result && result.problem === "not loopback") return "blocked";
  if ("status" in result && ACCEPTED.includes(result.status)) return "accepted";
  if ("status" in result && !RETRIED.includes(result.status)) return "refused";
  return mayRetry ? "retried" : "given_up";
}

function answerIn(result: PostResult): number | string {
  return "status" in result ? result.status : result.problem;
}

import { Middleware, NonRetriableError, RetryAfterError, StepError } from "inngest";
import { describeError, log } from "@/lib/platform/log";

/** Thrown by hand with words of ours, or wordless already. */
const OURS = [NonRetriableError, RetryAfterError, StepError];
const PLAIN = /^[\w.:/-]{1,60}$/;

/**
 * An Inngest server keeps what a function throws for good, and a failed statement's message has titles and addresses
 * in it. So the server gets name and code of a failure; the words go to our own log, with the run they belong to.
 */
export class WordlessErrors extends Middleware.BaseMiddleware {
  readonly id = "entente:wordless-errors";

  override wrapStepHandler({ next, fn, ctx }: Middleware.WrapStepHandlerArgs): Promise<unknown> {
    return withoutWords(next, { functionId: fn.id(), runId: ctx.runId });
  }

  override wrapFunctionHandler({ next, fn, ctx }: Middleware.WrapFunctionHandlerArgs): Promise<unknown> {
    return withoutWords(next, { functionId: fn.id(), runId: ctx.runId });
  }
}

async function withoutWords<T>(work: () => Promise<T>, run: Record<string, string>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WordlessError || OURS.some((known) => error instanceof known)) throw error;
    log.error({ event: "job.failed", ...run, err: describeError(error) });
    throw new WordlessError(error);
  }
}

/** What kind of failure it was, as far as that is a word of a program and not of a person. */
class WordlessError extends Error {
  constructor(original: unknown) {
    const { name, kind, code, cause } = describeError(original);
    const inner = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
    super(
      [name, kind ?? code ?? inner]
        .filter((word) => typeof word === "string" && PLAIN.test(word))
        .join(" ") || "Error",
    );
    this.name = "JobError";
    this.stack = `${this.name}: ${this.message}`;
  }
}

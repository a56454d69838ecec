import { isDatabaseGone, sqlState } from "@/db/transaction";
import { AppError } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";

/** Deadlocks, lock timeouts and lost races at a constraint: the caller may try again, nothing is broken. */
const BUSY = new Set(["40P01", "40001", "55P03", "23P01"]);

/** Texts that JSON can carry and PostgreSQL cannot store: NUL, half a surrogate pair. */
const UNSTORABLE = new Set(["22021", "22P05"]);

/** What a caller may be told of a failure; null when it is ours to look into and theirs to know nothing of. */
export function asRefusal(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (BUSY.has(sqlState(error) ?? "")) {
    return new AppError("busy", "Something else changed this at the same time. Please try again.", {
      cause: error,
      retryAfterSeconds: 1,
    });
  }
  if (UNSTORABLE.has(sqlState(error) ?? "")) {
    return new AppError("invalid_input", "A text holds a character that cannot be stored.", { cause: error });
  }
  if (isDatabaseGone(error)) {
    log.error({ event: "database.unreachable", err: error });
    return new AppError("unavailable", "Our database does not answer at the moment. Please try again.", {
      cause: error,
      retryAfterSeconds: 5,
    });
  }
  return null;
}

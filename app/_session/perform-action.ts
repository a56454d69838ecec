import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { fieldFaults } from "@/app/_session/field-faults";
import { limitCaller } from "@/app/_session/limit-caller";
import type { Runtime } from "@/inngest/runtime";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";
import { countAttempt } from "@/lib/organizations/rate-counters";
import { asRefusal } from "@/lib/organizations/refusals";
import { AppError, type AppErrorCode, type FieldFault } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";

export type ActionAnswer<T> =
  | { ok: true; data: T }
  | {
      ok: false;
      error: {
        code: AppErrorCode;
        fields?: FieldFault[];
        retryAfterSeconds?: number;
        extra?: Readonly<Record<string, unknown>>;
      };
    };

export interface ActionInput<T> {
  ctx: Ctx;
  input: T;
  services: Services;
}

interface GivenRun<S extends z.ZodType, T, W> {
  runtime: Runtime;
  /** The request's `Origin`. Next lets a request without one through; we do not. */
  origin: string | null;
  schema: S;
  input: unknown;
  work: (given: W) => Promise<T>;
}

type Parsed<S extends z.ZodType> = Omit<ActionInput<z.output<S>>, "ctx">;

export interface ActionRun<S extends z.ZodType, T> extends GivenRun<S, T, ActionInput<z.output<S>>> {
  ctx: () => Promise<Ctx | null>;
}

export interface PublicActionRun<S extends z.ZodType, T> extends GivenRun<S, T, Parsed<S> & { now: Date }> {
  /** The network the request comes from, which attempts are counted for. */
  address: string;
}

/** For whoever is signed in. */
export function performAction<S extends z.ZodType, T>(run: ActionRun<S, T>): Promise<ActionAnswer<T>> {
  return perform(run, async () => {
    const ctx = await run.ctx();
    if (ctx === null) throw new AppError("unauthenticated", "Please sign in.");
    limitCaller(run.runtime, ctx);
    return { ctx };
  });
}

/** For anybody, so what they may do is counted over all processes. */
export function performPublicAction<S extends z.ZodType, T>(
  run: PublicActionRun<S, T>,
): Promise<ActionAnswer<T>> {
  return perform(run, async () => {
    const { services, limits } = run.runtime;
    const now = services.clock.now();
    const attempt = { name: "publicBooking", key: run.address, rule: limits.publicBooking } as const;
    await countAttempt(services.db, attempt, now);
    return { now };
  });
}

async function perform<S extends z.ZodType, T, A>(
  run: GivenRun<S, T, Parsed<S> & A>,
  admit: () => Promise<A>,
): Promise<ActionAnswer<T>> {
  try {
    if (run.origin !== run.runtime.env.appOrigin) {
      throw new AppError("forbidden", "This request does not come from one of our pages.");
    }
    const admitted = await admit();
    const parsed = run.schema.safeParse(run.input);
    if (!parsed.success) {
      throw new AppError("invalid_input", "Some fields are invalid.", { fields: fieldFaults(parsed.error) });
    }
    const data = await run.work({ ...admitted, input: parsed.data, services: run.runtime.services });
    return { ok: true, data };
  } catch (error) {
    unstable_rethrow(error); // A redirect of the work's own is no failure.
    const refusal = asRefusal(error);
    if (refusal === null) log.error({ event: "action.failed", err: error });
    return { ok: false, error: describe(refusal ?? new AppError("internal", "Something went wrong.")) };
  }
}

function describe({ code, fields, retryAfterSeconds, extra }: AppError) {
  return {
    code,
    ...(fields.length === 0 ? {} : { fields }),
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

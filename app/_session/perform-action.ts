import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { fieldFaults } from "@/app/_session/field-faults";
import { limitCaller } from "@/app/_session/limit-caller";
import type { Runtime } from "@/inngest/runtime";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";
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

export interface ActionRun<S extends z.ZodType, T> {
  runtime: Runtime;
  /** The request's `Origin`. Next lets a request without one through; we do not. */
  origin: string | null;
  ctx: () => Promise<Ctx | null>;
  schema: S;
  input: unknown;
  work: (given: ActionInput<z.output<S>>) => Promise<T>;
}

export async function performAction<S extends z.ZodType, T>(run: ActionRun<S, T>): Promise<ActionAnswer<T>> {
  try {
    if (run.origin !== run.runtime.env.appOrigin) {
      throw new AppError("forbidden", "This request does not come from one of our pages.");
    }
    const ctx = await run.ctx();
    if (ctx === null) throw new AppError("unauthenticated", "Please sign in.");
    limitCaller(run.runtime, ctx);
    const parsed = run.schema.safeParse(run.input);
    if (!parsed.success) {
      throw new AppError("invalid_input", "Some fields are invalid.", { fields: fieldFaults(parsed.error) });
    }
    const data = await run.work({ ctx, input: parsed.data, services: run.runtime.services });
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

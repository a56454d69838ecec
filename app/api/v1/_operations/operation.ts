import type { z } from "zod";
import type { ApiDefinition } from "@/app/_session/api";
import type { AppErrorCode } from "@/lib/platform/errors";

/** An operation as its route obeys it and `openapi.json` describes it: one object for both. */
export interface Operation<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> extends ApiDefinition<P, Q, B> {
  id: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/v1`; the names in braces are what callers read, whatever the folder is called. */
  path: string;
  tag: string;
  summary: string;
  /** The JSON of a success; null when it has none. */
  answer: z.ZodType | null;
  /** Refusals of its own, beside those its shape implies. */
  refusals?: readonly AppErrorCode[];
}

export function operation<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(definition: Operation<P, Q, B>): Operation<P, Q, B> {
  return definition;
}

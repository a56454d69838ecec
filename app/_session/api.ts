import { z } from "zod";
import { parseJsonBody, readBodyText } from "@/app/_session/api-body";
import { apiCaller } from "@/app/_session/api-caller";
import { fieldFaults } from "@/app/_session/field-faults";
import { problem, unexpected } from "@/app/_session/problem";
import { runtime } from "@/inngest/runtime";
import type { Services } from "@/lib/connections/services";
import type { ApiScope, Ctx } from "@/lib/organizations/context";
import {
  type KeepAnswer,
  keepNothing,
  requestHash,
  runOnce,
  type StoredAnswer,
} from "@/lib/organizations/idempotency";
import { asRefusal } from "@/lib/organizations/refusals";
import { AppError, notFound } from "@/lib/platform/errors";

/** One operation of the REST API: what it needs and takes. `openapi.json` is checked against these. */
export interface ApiDefinition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  scope: ApiScope;
  /** Ids in the path. What does not fit cannot exist: 404. */
  params?: P;
  query?: Q;
  body?: B;
  /** Of a success; default 200. */
  status?: 200 | 201 | 202 | 204;
  /** The request makes something: `Idempotency-Key` is honoured. */
  creates?: boolean;
}

export interface ApiInput<P, Q, B> {
  ctx: Ctx;
  params: P;
  query: Q;
  body: B;
  services: Services;
  /** Names the request by its `Idempotency-Key` and content; null without one. */
  requestKey: string | null;
  /** Called in the transaction that makes something, with what the handler will answer. */
  keep: KeepAnswer;
}

export interface ApiRoute {
  (request: Request, context?: RouteContext): Promise<Response>;
  definition: ApiDefinition<z.ZodType, z.ZodType, z.ZodType>;
}

interface RouteContext {
  params: Promise<Record<string, string | string[] | undefined>>;
}

/** Wraps a handler: who calls, what they sent, what they get. The handler's value is the answer's JSON. */
export function apiRoute<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(
  definition: ApiDefinition<P, Q, B>,
  handler: (input: ApiInput<z.output<P>, z.output<Q>, z.output<B>>) => Promise<unknown>,
): ApiRoute {
  const route = async (request: Request, context?: RouteContext): Promise<Response> => {
    try {
      const ctx = await apiCaller(runtime(), request, definition.scope);
      const { params, query } = await readAddress(definition, request, context);
      const text = definition.body === undefined && !definition.creates ? "" : await readBodyText(request);
      const body = readBody(definition.body, text, request);
      const keyed = definition.creates ? keyOf(request, text) : null;
      const requestKey = keyed === null ? null : requestHash([keyed.key, keyed.hash]);
      const { status = 200 } = definition;
      const work = (keep: KeepAnswer) =>
        handler({ ctx, params, query, body, services: runtime().services, requestKey, keep });
      if (keyed === null) return respond({ status, body: await work(keepNothing) });
      return respond(await runOnce(ctx, { ...keyed, status }, work));
    } catch (error) {
      const refusal = asRefusal(error);
      return refusal === null ? unexpected(error, new URL(request.url).pathname) : problem(refusal);
    }
  };
  return Object.assign(route, { definition });
}

async function readAddress<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  definition: ApiDefinition<P, Q, B>,
  request: Request,
  context: RouteContext | undefined,
): Promise<{ params: z.output<P>; query: z.output<Q> }> {
  const params = (definition.params ?? z.undefined().catch(undefined)).safeParse(await context?.params);
  if (!params.success) throw notFound("resource");
  const given = Object.fromEntries(new URL(request.url).searchParams);
  const query = (definition.query ?? z.undefined().catch(undefined)).safeParse(given);
  if (!query.success) throw invalid("The query is invalid.", query.error);
  return { params: params.data as z.output<P>, query: query.data as z.output<Q> };
}

function readBody<B extends z.ZodType>(schema: B | undefined, text: string, request: Request): z.output<B> {
  if (schema === undefined) return undefined as z.output<B>;
  const parsed = schema.safeParse(parseJsonBody(text, request.headers.get("content-type")));
  if (!parsed.success) throw invalid("The body is invalid.", parsed.error);
  return parsed.data;
}

function invalid(detail: string, error: z.ZodError): AppError {
  return new AppError("invalid_input", detail, { fields: fieldFaults(error) });
}

function keyOf(request: Request, text: string): { key: string; hash: string } | null {
  const key = request.headers.get("idempotency-key");
  if (key === null) return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError("invalid_input", "An Idempotency-Key has 1 to 255 visible ASCII characters.");
  }
  const { pathname } = new URL(request.url);
  return { key, hash: requestHash([request.method, pathname, text]) };
}

function respond({ status, body }: StoredAnswer): Response {
  const headers = { "Cache-Control": "private, no-store" };
  return status === 204 ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
}

import type { ApiRoute } from "@/app/_session/api";
import { problem } from "@/app/_session/problem";
import { AppError } from "@/lib/platform/errors";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];
type Handler = (request: Request, context: RouteContext) => Promise<Response>;

interface RouteContext {
  params: Promise<Record<string, string | string[] | undefined>>;
}

/** A route file's exports: what an address cannot do answers 405 as a problem, not an empty page. */
export function apiMethods(routes: Partial<Record<Method, ApiRoute>>): Record<Method, Handler> {
  const allow = METHODS.filter((method) => routes[method] !== undefined).join(", ");
  const refuse: Handler = async (request) =>
    problem(new AppError("method_not_allowed", `This address does not take ${request.method}.`), {
      Allow: allow,
    });
  return Object.fromEntries(METHODS.map((method) => [method, routes[method] ?? refuse])) as Record<
    Method,
    Handler
  >;
}

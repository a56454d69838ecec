import { readdirSync } from "node:fs";
import { resolve, sep } from "node:path";
import type { Operation } from "@/app/api/v1/_operations/operation";

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Promise<Response> | Response;
type RouteFile = Partial<Record<Method, Handler & { definition?: Operation }>>;

export interface FoundRoute {
  /** `["integrations", "[id]", "sync"]`. */
  segments: string[];
  handlers: RouteFile;
}

const folder = resolve(import.meta.dirname, "../../app/api/v1");

/** Every route file below `/api/v1`, imported; the address for everything else left out. */
export async function findRoutes(): Promise<FoundRoute[]> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const routes = files.filter((file) => file.endsWith(`${sep}route.ts`) && !file.includes("[["));
  return Promise.all(
    routes.map(async (file) => ({
      segments: file.split(sep).slice(0, -1),
      handlers: (await import(resolve(folder, file))) as RouteFile,
    })),
  );
}

/** Finds the file that serves a path, literal folders before `[id]`, as Next does. */
export function match(routes: readonly FoundRoute[], pathname: string) {
  const given = pathname.split("/").filter((part) => part !== "");
  const fits = routes.filter(
    ({ segments }) =>
      segments.length === given.length &&
      segments.every((segment, at) => segment.startsWith("[") || segment === given[at]),
  );
  const literals = ({ segments }: FoundRoute) =>
    segments.filter((segment) => !segment.startsWith("[")).length;
  const [best] = fits.sort((a, b) => literals(b) - literals(a));
  if (best === undefined) return null;
  const params = Object.fromEntries(
    best.segments.flatMap((segment, at) =>
      segment.startsWith("[") ? [[segment.slice(1, -1), decodeURIComponent(given[at] ?? "")]] : [],
    ),
  );
  return { handlers: best.handlers, params };
}

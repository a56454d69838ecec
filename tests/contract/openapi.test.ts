import { describe, expect, it } from "vitest";
import { OPERATIONS } from "@/app/api/v1/_operations/all";
import { apiWorld, json } from "./api-world";
import { METHODS } from "./routes";

const world = apiWorld();

interface Document {
  openapi: string;
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}
interface DescribedOperation {
  operationId: string;
  security: Record<string, string[]>[];
  parameters: { name: string; in: string; schema: unknown }[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}

const document = async () => json<Document>(await world.call("GET", "/openapi.json"));

/** `/integrations/{id}` and `integrations/[id]` are the same place. */
const place = (path: string) => path.replace(/^\//, "").replace(/[[{]\w+[\]}]/g, "*");

describe("openapi.json", () => {
  it("describes every method the route files answer, and no other", async () => {
    const { paths } = await document();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${place(path)}`),
    );
    const running = world.routes.flatMap(({ segments, handlers }) =>
      METHODS.filter((method) => handlers[method]?.definition !== undefined).map(
        (method) => `${method} ${place(segments.join("/"))}`,
      ),
    );
    expect(described.sort()).toEqual(running.sort());
    expect(running.length).toBeGreaterThan(15);
  });

  it("is made of the very objects the routes obey", () => {
    const obeyed = world.routes.flatMap(({ handlers }) =>
      METHODS.flatMap((method) => handlers[method]?.definition ?? []),
    );
    for (const operation of OPERATIONS) expect(obeyed).toContain(operation);
    for (const { segments, handlers } of world.routes) {
      for (const method of METHODS) {
        const definition = handlers[method]?.definition;
        if (definition === undefined) continue;
        expect([definition.method, place(definition.path)]).toEqual([method, place(segments.join("/"))]);
      }
    }
  });

  it("leaves no method of a route file without the gate, its own address apart", () => {
    for (const { segments, handlers } of world.routes) {
      const open = METHODS.filter((method) => handlers[method] !== undefined);
      if (segments.join("/") === "openapi.json") expect(open).toEqual(["GET"]);
      else expect(open).toEqual([...METHODS]);
    }
  });

  it("is OpenAPI 3.1 with both ways in, and every reference leads somewhere", async () => {
    const made = await document();
    expect(made.openapi).toBe("3.1.0");
    expect(made.components.securitySchemes).toMatchObject({
      apiKey: { type: "http", scheme: "bearer" },
      session: { type: "apiKey", in: "cookie", name: "next-auth.session-token" },
    });
    const references = [...JSON.stringify(made).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(5);
    for (const [, name = ""] of references) expect(Object.keys(made.components.schemas)).toContain(name);
    for (const name of [
      "Me",
      "Integration",
      "SyncRun",
      "Event",
      "Unavailability",
      "Service",
      "WorkingHours",
      "Availability",
      "Booking",
      "Problem",
    ])
      expect(Object.keys(made.components.schemas)).toContain(name);
  });

  it("names scope, parameters and problems of every operation", async () => {
    const { paths } = await document();
    const ids = new Set<string>();
    for (const operation of OPERATIONS) {
      const described = paths[operation.path]?.[operation.method.toLowerCase()];
      expect(described?.security).toEqual([{ apiKey: [operation.scope] }, { session: [] }]);
      ids.add(described?.operationId ?? "");
      const inPath = described?.parameters.filter((parameter) => parameter.in === "path");
      expect(inPath?.map(({ name }) => `{${name}}`)).toEqual(operation.path.match(/\{\w+\}/g) ?? []);
      for (const parameter of described?.parameters ?? []) expect(parameter.schema).toBeTypeOf("object");
      const keys = described?.parameters.filter(({ name }) => name === "Idempotency-Key") ?? [];
      expect(keys.length).toBe(operation.creates ? 1 : 0);
      for (const [status, response] of Object.entries(described?.responses ?? {})) {
        const types = Object.keys(response.content ?? {});
        if (Number(status) >= 400) expect(types).toEqual(["application/problem+json"]);
        else expect(types).toEqual(operation.answer === null ? [] : ["application/json"]);
      }
    }
    expect(ids.size).toBe(OPERATIONS.length);
  });

  it("needs no key and says nothing of what is not there yet", async () => {
    const { paths } = await document();
    for (const path of ["/conflicts"]) {
      expect(Object.keys(paths)).not.toContain(path);
      const { key } = await world.caller();
      expect((await world.call("GET", path, { key })).status).toBe(404);
    }
  });
});

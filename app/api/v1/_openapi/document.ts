import { sessionCookieName } from "@/app/_session/session-cookie";
import { type JsonSchema, jsonSchema } from "@/app/api/v1/_openapi/json-schema";
import { problemSchema } from "@/app/api/v1/_openapi/problem-schema";
import { refusalsOf } from "@/app/api/v1/_openapi/refusals";
import { OPERATIONS } from "@/app/api/v1/_operations/all";
import type { Operation } from "@/app/api/v1/_operations/operation";

type Components = Record<string, JsonSchema>;

const INTRODUCTION = `JSON in and out. Instants are RFC 3339 UTC, days \`YYYY-MM-DD\`, zones IANA names; ranges are half-open.
Lists answer \`data\` and \`nextCursor\`. Errors are problem details (RFC 9457) with a stable \`code\`. Ids that do not
exist and ids of other people answer the same 404. A change made with the session cookie needs an \`Origin\` header
that names this installation.`;

/** The OpenAPI description of this installation, made of the very schemas its routes parse with. */
export function openApiDocument(appOrigin: string) {
  const components: Components = {};
  const problem = jsonSchema(problemSchema, "output", components);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of OPERATIONS) {
    const methods = paths[operation.path] ?? {};
    paths[operation.path] = methods;
    methods[operation.method.toLowerCase()] = describe(operation, components, problem);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Entente", version: "1.0.0", description: INTRODUCTION, license: { name: "MIT" } },
    servers: [{ url: `${appOrigin}/api/v1` }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key with the scope that is named." },
        session: { type: "apiKey", in: "cookie", name: sessionCookieName(appOrigin) },
      },
    },
  };
}

function describe(operation: Operation, components: Components, problem: JsonSchema) {
  const { id, tag, summary, scope, body, answer, status = 200 } = operation;
  const success =
    answer === null
      ? { description: "Done" }
      : {
          description: "Done",
          content: { "application/json": { schema: jsonSchema(answer, "output", components) } },
        };
  const refused = [...refusalsOf(operation)].map(([code, codes]) => [
    String(code),
    {
      description: codes.map((one) => `\`${one}\``).join(", "),
      ...(code === 429 ? { headers: { "Retry-After": { schema: { type: "integer" } } } } : {}),
      content: { "application/problem+json": { schema: problem } },
    },
  ]);
  return {
    operationId: id,
    tags: [tag],
    summary,
    security: [{ apiKey: [scope] }, { session: [] }],
    parameters: parametersOf(operation, components),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse(undefined).success,
            content: { "application/json": { schema: jsonSchema(body, "input", components) } },
          },
        }),
    responses: { [status]: success, ...Object.fromEntries(refused) },
  };
}

function parametersOf({ path, params, query, creates }: Operation, components: Components) {
  const inPath = params === undefined ? [] : Object.values(fieldsOf(params, components));
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const queried = query === undefined ? {} : fieldsOf(query, components);
  const needed = query === undefined ? [] : (jsonSchema(query, "input", components).required ?? []);
  const idempotencyKey = {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description: "Kept 24 hours: a repetition is answered, not executed, twice.",
    schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,255}$" },
  };
  return [
    ...names.map((name, at) => ({ name, in: "path", required: true, schema: inPath[at] })),
    ...Object.entries(queried).map(([name, { description, ...schema }]) => ({
      name,
      in: "query",
      required: needed.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
    })),
    ...(creates ? [idempotencyKey] : []),
  ];
}

function fieldsOf(schema: NonNullable<Operation["params"]>, components: Components) {
  return (jsonSchema(schema, "input", components).properties ?? {}) as Record<string, JsonSchema>;
}

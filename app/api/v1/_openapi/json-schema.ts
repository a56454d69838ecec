import { z } from "zod";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** JSON Schema of a zod schema. Schemas with an id of their own end up in `components` and are referred to. */
export function jsonSchema(
  schema: z.ZodType,
  io: "input" | "output",
  components: Record<string, JsonSchema>,
): JsonSchema {
  const { $defs, properties } = z.toJSONSchema(z.object({ schema }), {
    io,
    unrepresentable: "any",
    override: ({ jsonSchema: made }) => {
      // The format says it; zod's own expressions would bury it.
      if (made.format !== undefined) delete made.pattern;
      // Answers may gain fields without breaking a client that validates.
      if (io === "output" && made.additionalProperties === false) delete made.additionalProperties;
      if (made.maximum === Number.MAX_SAFE_INTEGER) delete made.maximum;
    },
  });
  for (const [name, definition] of Object.entries($defs ?? {})) components[name] = pointed(definition);
  return pointed(properties?.schema ?? {});
}

/** Where zod puts shared schemas is not where OpenAPI looks for them. */
function pointed(schema: unknown): JsonSchema {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { id: _, ...rest } = JSON.parse(text) as JsonSchema;
  return rest as JsonSchema;
}

import { openApiDocument } from "@/app/api/v1/_openapi/document";
import { runtime } from "@/inngest/runtime";

export const dynamic = "force-dynamic";

/** Public: it says nothing of anybody, and tools read it before they have a key. */
export function GET() {
  const document = openApiDocument(runtime().env.appOrigin);
  return Response.json(document, { headers: { "Cache-Control": "public, max-age=300" } });
}

export const dynamic = "force-dynamic";

/** The process answers. Says nothing of the database: a restart would not heal that. */
export async function GET() {
  return Response.json({ status: "ok" }, { headers: { "Cache-Control": "no-store" } });
}

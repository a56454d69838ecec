import type { ConnectionView } from "@/lib/connections/integration-view";
import { getConnection, listConnections } from "@/lib/connections/queries";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";
import { lastRuns, type SyncRun } from "@/lib/reporting/history";

/** The Integration of the public interface. */
export interface Integration extends ConnectionView {
  lastRun: SyncRun | null;
}

export async function listIntegrations(services: Services, ctx: Ctx): Promise<Integration[]> {
  return withLastRuns(ctx, await listConnections(services, ctx));
}

/** Throws `not_found` for an id that is nobody's or another's. */
export async function getIntegration(services: Services, ctx: Ctx, id: string): Promise<Integration> {
  const [integration] = await withLastRuns(ctx, [await getConnection(services, ctx, id)]);
  if (integration === undefined) throw new Error("one connection makes one integration");
  return integration;
}

async function withLastRuns(ctx: Ctx, connections: ConnectionView[]): Promise<Integration[]> {
  const runs = await lastRuns(
    ctx,
    connections.map((connection) => connection.id),
  );
  return connections.map((connection) => ({ ...connection, lastRun: runs.get(connection.id) ?? null }));
}

import type { Db } from "@/db/client";
import type { ConnectionRow } from "@/lib/connections/own-connection";
import type { Services } from "@/lib/connections/services";
import type { Ctx } from "@/lib/organizations/context";
import { policyFor } from "@/lib/organizations/policies";
import { AppError } from "@/lib/platform/errors";
import type { CalendarProvider } from "@/lib/providers/calendar-provider";

/**
 * The vendor of a connection that can be read now, for what a person asks of it. Throws `provider_not_configured`,
 * `reconnect_required` or `blocked_by_policy`.
 */
export async function usableProvider(
  { providers }: Services,
  tx: Db,
  ctx: Ctx,
  connection: ConnectionRow,
): Promise<CalendarProvider> {
  const provider = providers.find(connection.provider);
  if (provider === null) {
    throw new AppError("provider_not_configured", "This provider is not set up here.");
  }
  const { readEvents } = provider.oauth.capabilities(connection.grantedScopes);
  if (connection.reconnectReason !== null || !readEvents) {
    throw new AppError("reconnect_required", "Connect this account again first.");
  }
  const policy = await policyFor(tx, ctx.organizationId, connection.provider);
  if (!policy.allowed) {
    throw new AppError(
      "blocked_by_policy",
      policy.message ?? "Your organization does not allow this provider.",
    );
  }
  return provider;
}

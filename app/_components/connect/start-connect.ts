import type { Outcome } from "@/app/_components/connect/outcomes";
import type { ProviderName } from "@/app/_components/provider-name";

export interface ConnectRequest {
  provider: ProviderName;
  /** Renews this connection instead of adding one. */
  integrationId?: string;
}

/** `url` is the vendor's consent page for one attempt that ends in a popup. */
export type ConnectStart =
  | { status: "started"; attemptId: string; url: string }
  | { status: "ended"; outcome: Outcome };

/** A server action: gate, policy, attempt row. */
export type StartConnect = (request: ConnectRequest) => Promise<ConnectStart>;

/** The same consent in the same tab, for phones, blocked popups and browsers without scripts. */
export function connectHref({ provider, integrationId }: ConnectRequest): string {
  const query = new URLSearchParams({ returnTo: "/integrations" });
  if (integrationId !== undefined) query.set("integrationId", integrationId);
  return `/api/integrations/${provider}/connect?${query}`;
}

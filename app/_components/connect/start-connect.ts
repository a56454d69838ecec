import type { Outcome } from "@/app/_components/connect/outcomes";
import type { ProviderName } from "@/app/_components/provider-name";
import type { ActionAnswer } from "@/app/_session/perform-action";

export interface ConnectRequest {
  provider: ProviderName;
  /** Renews this connection instead of adding one. */
  integrationId?: string | undefined;
}

/** `url` is the vendor's consent page for one attempt that ends in a popup. */
export type ConnectStart =
  | { status: "started"; attemptId: string; url: string }
  | { status: "ended"; outcome: Outcome };

/** Server actions around one consent in a popup. */
export interface ConnectActions {
  start(request: ConnectRequest): Promise<ActionAnswer<ConnectStart>>;
  /** The visitor no longer waits for the popup. Answers how the attempt stands; null while it still runs. */
  giveUp(input: { attemptId: string }): Promise<ActionAnswer<{ outcome: Outcome | null }>>;
}

/** The same consent in the same tab, for phones, blocked popups and browsers without scripts. */
export function connectHref({ provider, integrationId }: ConnectRequest): string {
  const query = new URLSearchParams({ returnTo: "/integrations" });
  if (integrationId !== undefined) query.set("integrationId", integrationId);
  return `/api/integrations/${provider}/connect?${query}`;
}

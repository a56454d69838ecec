import type { APIRequestContext } from "@playwright/test";
import { expect } from "./expect";
import { integrations, syncElsewhere } from "./person";
import { act } from "./sandbox";

/** The account's owner withdraws our access at Google, and a reading has met that. */
export async function withdrawAccess(
  request: APIRequestContext,
  account: { email: string },
  connection: { id: string },
): Promise<void> {
  await act("tokens/revoke", { account: account.email });
  await syncElsewhere(request, connection.id);
  await expect.poll(async () => (await integrations(request))[0]?.status).toBe("reconnect_required");
}

import { and, eq, isNull, ne } from "drizzle-orm";
import type { Db } from "@/db/client";
import { calendarConnections } from "@/db/schema/connections";
import type { Services } from "@/lib/connections/services";
import { describeError, log } from "@/lib/platform/log";
import type { CalendarProvider, Grant, Vendor } from "@/lib/providers/calendar-provider";

/** An account at a vendor. A grant belongs to it as a whole, however many tokens were given out. */
interface Account {
  vendor: Vendor;
  issuer: string;
  subject: string;
}

/**
 * Whether anybody's living connection still needs the account's grant. Revoking one token at Google ends all of
 * the account's grants to us. https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
 */
export async function grantIsShared(
  db: Db,
  account: Account,
  except: string | null = null,
): Promise<boolean> {
  const rows = await db
    .select({ id: calendarConnections.id })
    .from(calendarConnections)
    .where(
      and(
        eq(calendarConnections.provider, account.vendor),
        eq(calendarConnections.issuer, account.issuer),
        eq(calendarConnections.subject, account.subject),
        isNull(calendarConnections.disconnectingAt),
        isNull(calendarConnections.reconnectReason),
        except === null ? undefined : ne(calendarConnections.id, except),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** Gives back a grant that will not be kept. What cannot be given back now stays with the vendor, unused by us. */
export async function discardGrant(
  services: Services,
  provider: CalendarProvider,
  grant: Grant,
): Promise<void> {
  const { issuer, subject } = grant;
  try {
    if (!provider.oauth.revokes) return;
    if (await grantIsShared(services.db, { vendor: provider.vendor, issuer, subject })) return;
    await provider.oauth.revoke(grant.refreshToken ?? grant.accessToken);
  } catch (error) {
    log.warn({ vendor: provider.vendor, err: describeError(error) }, "grant could not be given back");
  }
}

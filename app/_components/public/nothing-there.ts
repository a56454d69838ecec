import { runtime } from "@/inngest/runtime";
import { leadsSomewhere, type PublicAddress } from "@/lib/bookings/public-address";
import { log } from "@/lib/platform/log";

/** The proxy tells the public pages here that there is nothing at their address. */
export const NOTHING_HEADER = "x-entente-nothing";

const OFFER = /^\/book\/([^/]+)(?:\/([^/]+))?\/?$/;
const BOOKING = /^\/booking\/([^/]+)(?:\/(?:move|cancel))?\/?$/;

/** Whether a path of the public pages leads nowhere. Only who knows before the page is drawn can choose its status. */
export async function isNothingThere(pathname: string): Promise<boolean> {
  const address = addressIn(pathname);
  if (address === null) return false;
  const { services } = runtime();
  try {
    return !(await leadsSomewhere(services, address, services.clock.now()));
  } catch (error) {
    // The page asks the same, and has words for what went wrong.
    log.warn({ event: "public.address_unreadable", err: error });
    return false;
  }
}

function addressIn(pathname: string): PublicAddress | null {
  const [, handle, slug] = partsOf(OFFER, pathname);
  if (handle !== undefined) return { handle, slug: slug ?? null };
  const [, token] = partsOf(BOOKING, pathname);
  return token === undefined ? null : { token };
}

/** As the page gets them. */
function partsOf(shape: RegExp, pathname: string): (string | undefined)[] {
  return (shape.exec(pathname) ?? []).map((part: string | undefined) => part && decodeURIComponent(part));
}

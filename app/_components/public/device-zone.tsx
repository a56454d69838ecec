import { headers } from "next/headers";
import type { Visit } from "@/app/_components/public/visit";
import { TIME_ZONE_COOKIE } from "@/app/_i18n/locale";

/**
 * Remembers the device's zone in a cookie, and reads the page again when it shows another one that nobody chose.
 * Where cookies or scripts are off, the provider's zone stays, and the page says so.
 */
export async function DeviceZone({ visit }: { visit: Visit }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  const script = `{
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone, mark = "${TIME_ZONE_COOKIE}=" + zone;
    const knows = () => document.cookie.split("; ").includes(mark);
    if (zone && !knows()) {
      document.cookie = mark + "; path=/; max-age=31536000; samesite=lax";
      if (knows() && ${visit.zoneIsChosen ? "false" : `zone !== ${JSON.stringify(visit.zone)}`}) location.reload();
    }
  }`;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: constant but for a zone the server has checked
  return <script dangerouslySetInnerHTML={{ __html: script }} nonce={nonce} suppressHydrationWarning />;
}

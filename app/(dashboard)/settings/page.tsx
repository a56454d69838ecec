import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { timeZoneGroups } from "@/app/_components/time-zones";
import { requireCtx } from "@/app/_session/gate";
import { SettingsView } from "@/app/(dashboard)/settings/_components/settings-view";
import { API_SCOPES } from "@/lib/organizations/context";
import { listApiKeys } from "@/lib/organizations/list-api-keys";
import { getMe } from "@/lib/organizations/me";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("settings");
  return { title: t("title") };
}

export default async function SettingsPage() {
  const ctx = await requireCtx();
  const [me, keys] = await Promise.all([getMe(ctx), listApiKeys(ctx)]);
  return (
    <SettingsView
      keys={keys}
      me={me}
      scopes={API_SCOPES.filter((scope) => scope !== "admin" || ctx.role === "admin")}
      zones={timeZoneGroups(me.timeZone)}
    />
  );
}

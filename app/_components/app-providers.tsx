import { headers } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getTranslations } from "next-intl/server";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { Toaster } from "@/app/_components/ui/toaster";

/**
 * What pages with much client code stand on: theme, words, short messages. Not in the root layout, because the
 * pages a client sees do without and are lighter for it.
 */
export async function AppProviders({ children }: { children: ReactNode }) {
  const [t, received] = await Promise.all([getTranslations("shell"), headers()]);
  return (
    <ThemeProvider attribute="class" disableTransitionOnChange nonce={received.get("x-nonce") ?? undefined}>
      <NextIntlClientProvider>
        {children}
        <Toaster label={t("messages")} />
      </NextIntlClientProvider>
    </ThemeProvider>
  );
}

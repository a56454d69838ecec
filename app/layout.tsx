import "@/app/globals.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { OUTCOME_HEADER } from "@/app/_components/connect/outcomes";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return {
    title: { default: "Entente", template: "%s · Entente" },
    description: t("description"),
    robots: { index: false },
    // Elsewhere the browser would make links out of what looks like a phone number.
    formatDetection: { telephone: false, email: false, address: false },
  };
}

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f7f6f2" },
    { media: "(prefers-color-scheme: dark)", color: "#0e1619" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, received] = await Promise.all([getLocale(), headers()]);
  return (
    <html lang={locale} suppressHydrationWarning>
      <body data-outcome={received.get(OUTCOME_HEADER) ?? undefined}>{children}</body>
    </html>
  );
}

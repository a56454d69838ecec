"use client";

import { useTheme } from "next-themes";
import { useEffect } from "react";
import { Toaster as Sonner, toast as sonner, type ToasterProps } from "sonner";
import { displayToasts } from "@/app/_components/ui/toast";

const palette = {
  "--normal-bg": "var(--surface)",
  "--normal-border": "var(--line)",
  "--normal-text": "var(--ink)",
} as NonNullable<ToasterProps["style"]>;

export function ToastRegion({ label }: { label: string }) {
  const { theme } = useTheme();

  // An effect of a child runs first, so sonner already listens here.
  useEffect(() => displayToasts(({ tone, text }) => sonner[tone](text)), []);

  return (
    <Sonner
      containerAriaLabel={label}
      mobileOffset={{ bottom: "5rem" }}
      position="bottom-right"
      style={palette}
      theme={theme as ToasterProps["theme"]}
    />
  );
}

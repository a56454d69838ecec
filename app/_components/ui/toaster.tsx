"use client";

import { useTheme } from "next-themes";
import { Toaster as Sonner, type ToasterProps } from "sonner";

const palette = {
  "--normal-bg": "var(--surface)",
  "--normal-border": "var(--line)",
  "--normal-text": "var(--ink)",
} as NonNullable<ToasterProps["style"]>;

export function Toaster({ label }: { label: string }) {
  const { theme } = useTheme();
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

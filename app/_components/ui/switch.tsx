import type { ComponentProps } from "react";
import { cn } from "@/app/_components/cn";

/** A native checkbox that reads and looks as a switch, so it also works before any script has run. */
export function Switch({ className, ...props }: Omit<ComponentProps<"input">, "type" | "role">) {
  return (
    <input
      className={cn(
        "relative inline-block h-6 w-11 shrink-0 appearance-none rounded-full border border-line-strong bg-sunken transition-colors",
        "before:absolute before:top-1/2 before:left-0.5 before:size-4.5 before:-translate-y-1/2 before:rounded-full before:bg-line-strong before:transition-transform",
        "checked:border-brand checked:bg-brand checked:before:translate-x-5 checked:before:bg-on-brand",
        "disabled:cursor-not-allowed disabled:opacity-50 forced-colors:appearance-auto forced-colors:before:hidden",
        className,
      )}
      // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox tells its own state
      role="switch"
      type="checkbox"
      {...props}
    />
  );
}

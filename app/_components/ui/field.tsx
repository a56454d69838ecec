import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/app/_components/cn";

const box =
  "h-10 w-full rounded-control border border-line-strong/70 bg-surface px-3 text-sm text-ink hover:border-line-strong disabled:cursor-not-allowed disabled:opacity-55 aria-invalid:border-danger";

export function Label({ className, ...props }: ComponentProps<"label">) {
  // biome-ignore lint/a11y/noLabelWithoutControl: the caller gives htmlFor or the control as a child
  return <label className={cn("block text-sm font-medium", className)} {...props} />;
}

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(box, "placeholder:text-ink-muted", className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      className={cn(box, "h-auto min-h-20 py-2 leading-normal placeholder:text-ink-muted", className)}
      {...props}
    />
  );
}

/** The browser's own list: the best one on a phone, and it needs no script. */
export function Select({ className, ...props }: ComponentProps<"select">) {
  return (
    <span className={cn("relative block", className)}>
      <select className={cn(box, "appearance-none pr-9")} {...props} />
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-ink-muted"
      />
    </span>
  );
}

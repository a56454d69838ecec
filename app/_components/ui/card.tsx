import type { ComponentProps } from "react";
import { cn } from "@/app/_components/cn";

export function Card({ className, ...props }: ComponentProps<"section">) {
  return <section className={cn("rounded-card border bg-surface shadow-card", className)} {...props} />;
}

export function CardHeader({ className, ...props }: ComponentProps<"div">) {
  return (
    <div className={cn("flex flex-wrap items-start gap-x-4 gap-y-3 p-4 sm:p-6", className)} {...props} />
  );
}

/** A part of a card below a hairline. */
export function CardSection({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("border-t p-4 sm:px-6 sm:py-5", className)} {...props} />;
}

export function CardHeading({ className, children, ...props }: ComponentProps<"h3">) {
  return (
    <h3 className={cn("text-sm font-semibold tracking-normal text-ink", className)} {...props}>
      {children}
    </h3>
  );
}

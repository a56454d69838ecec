import { cn } from "@/app/_components/cn";

/** A grey bar where words will come. The surrounding region says "loading" once. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded-control bg-neutral-soft", className)} />;
}

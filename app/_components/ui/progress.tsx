import { cn } from "@/app/_components/cn";

interface ProgressProps {
  label: string;
  /** 0 to 100; null while the end is unknown. */
  percent: number | null;
  className?: string;
}

export function Progress({ label, percent, className }: ProgressProps) {
  return (
    <div
      aria-label={label}
      aria-valuemax={100}
      aria-valuemin={0}
      aria-valuenow={percent ?? undefined}
      className={cn("h-1.5 overflow-hidden rounded-full bg-neutral-soft", className)}
      role="progressbar"
    >
      <div
        className={cn(
          "h-full rounded-full bg-brand transition-[width]",
          percent === null && "w-1/3 animate-pulse",
        )}
        style={percent === null ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}

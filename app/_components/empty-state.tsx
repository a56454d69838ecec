import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** `h1` where nothing else on the page is a title. */
  heading?: "h1" | "h2";
}

/** What would stand here, and the one thing to do about it. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
  heading: Heading = "h2",
}: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center rounded-card border border-dashed border-line-strong/50 px-6 py-12 text-center">
      <span className="grid size-12 place-items-center rounded-full bg-brand-soft text-brand-ink">
        <Icon aria-hidden className="size-6" />
      </span>
      <Heading className="mt-4 text-lg font-semibold">{title}</Heading>
      <div className="mt-1 max-w-md text-ink-muted">{children}</div>
      {action !== undefined && <div className="mt-6">{action}</div>}
    </div>
  );
}

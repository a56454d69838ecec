import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

interface ErrorStateProps {
  title: string;
  children: ReactNode;
  /** A number support can find in the log. */
  reference?: ReactNode;
  actions: ReactNode;
}

/** Something failed: what, what it means, and the way on. */
export function ErrorState({ title, children, reference, actions }: ErrorStateProps) {
  return (
    <div className="mx-auto flex max-w-lg flex-col items-center px-6 py-16 text-center" role="alert">
      <span className="grid size-12 place-items-center rounded-full bg-danger-soft text-danger">
        <CircleAlert aria-hidden className="size-6" />
      </span>
      <h1 className="mt-4 text-xl font-semibold">{title}</h1>
      <div className="mt-2 text-ink-muted">{children}</div>
      <div className="mt-6 flex flex-wrap justify-center gap-3">{actions}</div>
      {reference !== undefined && <p className="mt-6 text-xs text-ink-muted">{reference}</p>}
    </div>
  );
}

import type { ReactNode } from "react";

interface PageHeaderProps {
  title: string;
  description?: string;
  actions?: ReactNode;
}

export function PageHeader({ title, description, actions }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4 sm:mb-8">
      <div className="min-w-0 max-w-2xl">
        <h1 className="text-2xl font-semibold sm:text-[1.75rem]">{title}</h1>
        {description !== undefined && <p className="mt-1.5 text-ink-muted">{description}</p>}
      </div>
      {actions}
    </header>
  );
}

import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "@/app/_components/link";
import { ZoneNote } from "@/app/_components/zone-note";

interface PageHeaderProps {
  title: string;
  description?: string;
  actions?: ReactNode;
  /** The page this one belongs to. */
  back?: { href: string; label: string };
  /** Of what the page says in whose zone it is; see `ZoneNote`. */
  zoneOf?: "times" | "days" | undefined;
}

export function PageHeader({ title, description, actions, back, zoneOf }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4 sm:mb-8">
      <div className="min-w-0 max-w-2xl">
        {back !== undefined && (
          <Link
            className="mb-2 -ml-1 inline-flex items-center gap-1 rounded-control text-sm text-ink-muted hover:text-ink"
            href={back.href}
          >
            <ChevronLeft aria-hidden className="size-4" />
            {back.label}
          </Link>
        )}
        <h1 className="text-2xl font-semibold wrap-anywhere sm:text-[1.75rem]">{title}</h1>
        {description !== undefined && <p className="mt-1.5 text-ink-muted">{description}</p>}
        {zoneOf !== undefined && <ZoneNote className="mt-1.5" of={zoneOf} />}
      </div>
      {actions}
    </header>
  );
}

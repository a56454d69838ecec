import { cn } from "@/app/_components/cn";

/** Two calendar leaves that overlap: where they agree, the colour is deepest. */
function LogoMark({ className }: { className?: string }) {
  return (
    <svg aria-hidden="true" className={cn("size-8", className)} viewBox="0 0 32 32">
      <rect className="fill-brand" height="19" opacity="0.35" rx="5" width="19" x="2" y="4" />
      <rect fill="#e8a04c" height="19" opacity="0.9" rx="5" width="19" x="11" y="9" />
      <path className="fill-brand" d="M16 9h5v9a5 5 0 0 1-5 5h-5v-9a5 5 0 0 1 5-5Z" />
    </svg>
  );
}

export function Logo({ className }: { className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-2.5", className)}>
      <LogoMark />
      <span className="text-lg font-semibold tracking-tight">Entente</span>
    </span>
  );
}

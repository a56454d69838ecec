import { cva } from "class-variance-authority";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/app/_components/cn";
import type { Tone } from "@/app/_components/ui/badge";

const alertClasses = cva("flex items-start gap-3 rounded-control border px-4 py-3 text-sm", {
  variants: {
    tone: {
      success: "border-success/25 bg-success-soft [&>svg]:text-success",
      info: "border-info/25 bg-info-soft [&>svg]:text-info",
      warning: "border-warning/25 bg-warning-soft [&>svg]:text-warning",
      danger: "border-danger/25 bg-danger-soft [&>svg]:text-danger",
      neutral: "border-line bg-neutral-soft [&>svg]:text-neutral",
    },
  },
});

interface AlertProps {
  tone: Tone;
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** `alert` interrupts a screen reader and is for what just happened; leave it out for what was there already. */
  role?: "alert" | "status";
  className?: string;
}

export function Alert({ tone, icon: Icon, title, children, action, role, className }: AlertProps) {
  return (
    <div className={cn(alertClasses({ tone }), className)} role={role}>
      <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-semibold">{title}</p>
          {children !== undefined && <div className="mt-0.5 text-ink">{children}</div>}
        </div>
        {action}
      </div>
    </div>
  );
}

import type { ReactNode } from "react";
import { Label } from "@/app/_components/ui/field";

/** What ties a control to its label and to the words below it. */
interface Described {
  id: string;
  name: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean;
}

interface FormFieldProps {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with the value; takes the hint's place. */
  fault?: string | null | undefined;
  className?: string;
  children: (described: Described) => ReactNode;
}

/** A control with its label above, and its hint or fault below. Its id is its name. */
export function FormField({ name, label, hint, fault = null, className, children }: FormFieldProps) {
  const below = fault ?? hint;
  return (
    <div className={className}>
      <Label className="mb-1.5" htmlFor={name}>
        {label}
      </Label>
      {children({
        id: name,
        name,
        "aria-describedby": below === undefined ? undefined : `${name}-hint`,
        "aria-invalid": fault !== null,
      })}
      {below !== undefined && (
        <p
          className={fault === null ? "mt-1.5 text-xs text-ink-muted" : "mt-1.5 text-sm text-danger"}
          id={`${name}-hint`}
        >
          {below}
        </p>
      )}
    </div>
  );
}

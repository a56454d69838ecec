import type { ComponentProps } from "react";
import { cn } from "@/app/_components/cn";
import { Input, Label } from "@/app/_components/ui/field";

interface TextFieldProps {
  name: string;
  label: string;
  /** Said beside the label of a field that may stay empty. */
  optional?: string | undefined;
  hint?: string | undefined;
  fault: string | undefined;
  value: string | undefined;
  input?: ComponentProps<"input">;
  rows?: number;
  className?: string;
  /** The first field at fault: where the visitor goes on. */
  first?: boolean;
}

/** A labelled text, with its fault beside it and what was entered still in it. */
export function TextField(props: TextFieldProps) {
  const { name, label, optional, hint, fault, value, input, rows, className, first } = props;
  const described = fault !== undefined || hint !== undefined ? `${name}-note` : undefined;
  const shared = {
    "aria-describedby": described,
    "aria-invalid": fault !== undefined,
    id: name,
    name,
    required: optional === undefined,
    defaultValue: value ?? "",
    autoFocus: first === true,
  };
  return (
    <div className={className}>
      <Label className="mb-1.5" htmlFor={name}>
        {label}
        {optional !== undefined && <span className="font-normal text-ink-muted"> ({optional})</span>}
      </Label>
      {rows === undefined ? (
        <Input {...shared} {...input} className="h-11 text-base" />
      ) : (
        <textarea
          {...shared}
          className="block w-full rounded-control border border-line-strong/70 bg-surface px-3 py-2 text-base hover:border-line-strong aria-invalid:border-danger"
          maxLength={2000}
          rows={rows}
        />
      )}
      {described !== undefined && (
        <p
          className={cn("mt-1.5 text-sm", fault === undefined ? "text-ink-muted" : "text-danger")}
          id={described}
        >
          {fault ?? hint}
        </p>
      )}
    </div>
  );
}

import type { ReactNode } from "react";
import { cn } from "@/app/_components/cn";

interface RadioOption<Value extends string> {
  value: Value;
  label: ReactNode;
  description?: ReactNode;
  disabled?: boolean;
}

interface RadioGroupProps<Value extends string> {
  legend: string;
  name: string;
  value: Value;
  options: readonly RadioOption<Value>[];
  onChange: (value: Value) => void;
  className?: string;
}

export function RadioGroup<Value extends string>(props: RadioGroupProps<Value>) {
  const { legend, name, value, options, onChange, className } = props;
  return (
    <fieldset className={cn("space-y-2", className)}>
      <legend className="mb-2 text-sm font-semibold">{legend}</legend>
      {options.map((option) => (
        <label
          className="flex items-start gap-3 rounded-control border px-4 py-3 has-checked:border-brand has-checked:bg-brand-soft/60 has-disabled:bg-sunken/50 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          key={option.value}
        >
          <input
            checked={option.value === value}
            className="mt-1 size-4 shrink-0 accent-brand outline-none"
            disabled={option.disabled}
            name={name}
            onChange={() => onChange(option.value)}
            type="radio"
            value={option.value}
          />
          <span className="min-w-0 wrap-anywhere">
            <span className="block text-sm font-medium">{option.label}</span>
            {option.description !== undefined && (
              <span className="block text-sm text-ink-muted">{option.description}</span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

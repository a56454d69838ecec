import { CircleAlert } from "lucide-react";
import type { FormState } from "@/app/_components/public/form-state";
import { Alert } from "@/app/_components/ui/alert";
import { Button } from "@/app/_components/ui/button";

/** Why a form did not do what it should, and the free slots it offers instead: buttons of the same form. */
export function Refusal({ refusal, offers }: Pick<FormState, "refusal" | "offers">) {
  if (refusal === null) return null;
  return (
    <Alert icon={CircleAlert} role="alert" title={refusal.title} tone="warning">
      <p>{refusal.body}</p>
      {offers.length > 0 && (
        <ul className="mt-3 grid gap-2 sm:grid-cols-2">
          {offers.map(({ start, label }) => (
            <li key={start}>
              <Button
                className="h-auto min-h-11 w-full py-2 whitespace-normal"
                name="offer"
                type="submit"
                value={start}
                variant="secondary"
              >
                {label}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

"use client";

import { useActionState } from "react";
import { type FormState, UNTOUCHED } from "@/app/_components/public/form-state";
import { Refusal } from "@/app/_components/public/refusal";
import { TextField } from "@/app/_components/public/text-field";
import { Button } from "@/app/_components/ui/button";

interface ConfirmFormProps {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  hidden: Record<string, string>;
  submit: { words: string; variant: "primary" | "danger" };
  /** The way out that changes nothing. */
  back: { href: string; words: string };
  /** A text that may be added. */
  remark?: { name: string; label: string; optional: string };
}

/** Does what was asked for only once it is confirmed. */
export function ConfirmForm({ action, hidden, submit, back, remark }: ConfirmFormProps) {
  const [{ values, faults, refusal, offers }, send] = useActionState(action, UNTOUCHED);
  return (
    <form action={send} className="space-y-5" noValidate>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} name={name} type="hidden" value={value} />
      ))}
      {/* Enter in a field presses the first button of a form, which must not be one of the slots offered. */}
      <button className="hidden" tabIndex={-1} type="submit" />
      <Refusal offers={offers} refusal={refusal} />
      {remark !== undefined && (
        <TextField {...remark} fault={faults[remark.name]} rows={3} value={values[remark.name]} />
      )}
      <div className="flex flex-wrap gap-3">
        <Button size="lg" type="submit" variant={submit.variant}>
          {submit.words}
        </Button>
        <Button asChild size="lg">
          <a href={back.href}>{back.words}</a>
        </Button>
      </div>
    </form>
  );
}

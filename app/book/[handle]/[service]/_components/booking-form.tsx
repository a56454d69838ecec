"use client";

import { useActionState } from "react";
import {
  CLIENT_FIELDS,
  type ClientField,
  type FormState,
  UNTOUCHED,
} from "@/app/_components/public/form-state";
import { Refusal } from "@/app/_components/public/refusal";
import { TextField } from "@/app/_components/public/text-field";
import { Button } from "@/app/_components/ui/button";

interface BookingFormWords {
  label: Record<ClientField, string>;
  emailHint: string;
  addressHint: string;
  optional: string;
  submit: string;
  afterwards: string;
}

interface BookingFormProps {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  /** What is sent along unseen: the slot, the zone, the request's key. */
  hidden: Record<string, string>;
  address: "required" | "optional" | "none";
  words: BookingFormWords;
}

/** Works as the browser's own form: what was wrong comes back with the page. */
export function BookingForm({ action, hidden, address, words }: BookingFormProps) {
  const [{ values, faults, refusal, offers }, submit] = useActionState(action, UNTOUCHED);
  const first = CLIENT_FIELDS.find((name) => faults[name] !== undefined);
  const field = (name: ClientField) => ({
    name,
    label: words.label[name],
    fault: faults[name],
    value: values[name],
    first: name === first,
  });
  return (
    <form action={submit} className="space-y-5" noValidate>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} name={name} type="hidden" value={value} />
      ))}
      {/* Enter in a field presses the first button of a form, which must not be one of the slots offered. */}
      <button className="hidden" tabIndex={-1} type="submit" />
      <Refusal offers={offers} refusal={refusal} />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          {...field("name")}
          className="sm:col-span-2"
          input={{ autoComplete: "name", maxLength: 120 }}
        />
        <TextField
          {...field("email")}
          hint={words.emailHint}
          input={{ type: "email", autoComplete: "email", maxLength: 254 }}
        />
        <TextField
          {...field("phone")}
          input={{ type: "tel", autoComplete: "tel", maxLength: 40 }}
          optional={words.optional}
        />
        {address !== "none" && (
          <TextField
            {...field("address")}
            className="sm:col-span-2"
            hint={words.addressHint}
            input={{ autoComplete: "street-address", maxLength: 300 }}
            optional={address === "optional" ? words.optional : undefined}
          />
        )}
        <TextField {...field("instructions")} className="sm:col-span-2" optional={words.optional} rows={3} />
      </div>
      <Button className="w-full sm:w-auto" size="lg" type="submit" variant="primary">
        {words.submit}
      </Button>
      <p className="text-sm text-ink-muted">{words.afterwards}</p>
    </form>
  );
}

"use client";

import type { ComponentProps } from "react";
import { useFormStatus } from "react-dom";
import { Button } from "@/app/_components/ui/button";

/** Sends its form once, and shows that it is on its way. Never disabled: whoever pressed it would lose their place. */
export function SubmitButton(props: Omit<ComponentProps<typeof Button>, "asChild" | "type">) {
  const { pending } = useFormStatus();
  return (
    <Button
      {...props}
      aria-disabled={pending}
      onClick={(event) => pending && event.preventDefault()}
      type="submit"
    />
  );
}

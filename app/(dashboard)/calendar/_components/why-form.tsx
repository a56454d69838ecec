"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { Button } from "@/app/_components/ui/button";
import { Input, Label, Select } from "@/app/_components/ui/field";
import type { WhyWish } from "@/app/(dashboard)/calendar/why-address";

interface WhyFormProps {
  wish: WhyWish;
  services: { id: string; name: string }[];
  here: string;
}

/** Any time of any day, by the rules of one service or of all. Asking is going to another address. */
export function WhyForm({ wish, services, here }: WhyFormProps) {
  const t = useTranslations("calendar.why");
  const router = useRouter();
  const id = useId();

  function ask(form: FormData) {
    const query = new URLSearchParams();
    for (const [name, value] of form) if (typeof value === "string" && value !== "") query.set(name, value);
    router.push(`${here}&${query}`, { scroll: false });
  }

  return (
    <form
      className="flex flex-wrap items-end gap-3 [&>div]:min-w-0"
      key={`${wish.date} ${wish.from} ${wish.to}`}
      onSubmit={(event) => {
        event.preventDefault();
        ask(new FormData(event.currentTarget));
      }}
    >
      <div className="flex-1 basis-full sm:basis-36">
        <Label htmlFor={`${id}-date`}>{t("day")}</Label>
        <Input
          className="mt-1.5"
          defaultValue={wish.date}
          id={`${id}-date`}
          name="why"
          required
          type="date"
        />
      </div>
      {(["from", "to"] as const).map((edge) => (
        <div className="flex-1 basis-24" key={edge}>
          <Label htmlFor={`${id}-${edge}`}>{t(edge)}</Label>
          <Input
            className="mt-1.5"
            defaultValue={wish[edge]}
            id={`${id}-${edge}`}
            name={edge}
            required
            type="time"
          />
        </div>
      ))}
      {services.length > 0 && (
        <div className="flex-1 basis-48">
          <Label htmlFor={`${id}-service`}>{t("service")}</Label>
          <Select className="mt-1.5" defaultValue={wish.serviceId} id={`${id}-service`} name="service">
            <option value="">{t("anyService")}</option>
            {services.map((service) => (
              <option key={service.id} value={service.id}>
                {service.name}
              </option>
            ))}
          </Select>
        </div>
      )}
      <Button type="submit">{t("ask")}</Button>
    </form>
  );
}

"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Link } from "@/app/_components/link";
import { Button } from "@/app/_components/ui/button";
import { toast } from "@/app/_components/ui/toast";
import { type Refusal, useRefusalWords } from "@/app/_components/use-refusal-words";
import { MoneyAndCalendarCard } from "@/app/(dashboard)/services/_components/money-and-calendar-card";
import { TimesCard } from "@/app/(dashboard)/services/_components/times-card";
import { WhatCard } from "@/app/(dashboard)/services/_components/what-card";
import { addService, saveService } from "@/app/(dashboard)/services/actions";
import type { BookingTarget } from "@/app/(dashboard)/services/booking-targets";
import type { ServiceValues } from "@/app/(dashboard)/services/service";
import { faultyFields, readServiceForm, type ServiceFaults } from "@/app/(dashboard)/services/service-form";

interface ServiceFormProps {
  /** Null for a new one. */
  id: string | null;
  service: ServiceValues;
  /** What the public address begins with. */
  publicBase: string;
  targets: BookingTarget[];
  currencies: string[];
}

/** Everything a person decides of a service. What was typed stays when it is refused. */
export function ServiceForm({ id, service, publicBase, targets, currencies }: ServiceFormProps) {
  const t = useTranslations("services");
  const router = useRouter();
  const inWords = useRefusalWords();
  const [faults, setFaults] = useState<ServiceFaults>({});
  const [pending, startTransition] = useTransition();

  function refuse(refusal: Refusal) {
    const fields = faultyFields(refusal.fields);
    const slugTaken = refusal.code === "conflict" && fields.includes("slug");
    setFaults(
      Object.fromEntries(
        fields.map((field) => [field, slugTaken ? t("fault.slugTaken") : t(`fault.${field}`)]),
      ),
    );
    if (fields[0] === undefined) toast.error(inWords(refusal));
    else document.getElementById(fields[0])?.focus();
  }

  function save(form: FormData) {
    const values = { ...readServiceForm(form), active: service.active };
    startTransition(async () => {
      const answer = id === null ? await addService(values) : await saveService({ id, service: values });
      if (!answer.ok) {
        refuse(answer.error);
        return;
      }
      toast.success(t(id === null ? "added" : "saved"));
      router.push("/services");
    });
  }

  return (
    <form
      className="space-y-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save(new FormData(event.currentTarget));
      }}
    >
      <WhatCard faults={faults} isNew={id === null} publicBase={publicBase} service={service} />
      <TimesCard faults={faults} service={service} />
      <MoneyAndCalendarCard currencies={currencies} faults={faults} service={service} targets={targets} />
      <div className="flex flex-wrap gap-3">
        <Button disabled={pending} type="submit" variant="primary">
          {pending ? t("saving") : t(id === null ? "create" : "save")}
        </Button>
        <Button asChild variant="ghost">
          <Link href="/services">{t("cancel")}</Link>
        </Button>
      </div>
    </form>
  );
}

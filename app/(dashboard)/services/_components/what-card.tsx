"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Card, CardSection } from "@/app/_components/ui/card";
import { Input, Select } from "@/app/_components/ui/field";
import { FormField } from "@/app/_components/ui/form-field";
import { FormHeading } from "@/app/(dashboard)/services/_components/form-heading";
import { SERVICE_KINDS, type ServiceValues } from "@/app/(dashboard)/services/service";
import type { ServiceFaults } from "@/app/(dashboard)/services/service-form";
import { slugOf } from "@/app/(dashboard)/services/slug";

interface WhatCardProps {
  service: ServiceValues;
  isNew: boolean;
  publicBase: string;
  faults: ServiceFaults;
}

/** Name, kind, address and place. A new service's address follows its name until somebody writes one. */
export function WhatCard({ service, isNew, publicBase, faults }: WhatCardProps) {
  const t = useTranslations("services");
  const [slug, setSlug] = useState(service.slug);
  const [follows, setFollows] = useState(isNew);
  return (
    <Card aria-labelledby="what">
      <FormHeading id="what">{t("form.what")}</FormHeading>
      <CardSection className="grid gap-5 sm:grid-cols-2">
        <FormField fault={faults.name} hint={t("form.nameHint")} label={t("form.name")} name="name">
          {(described) => (
            <Input
              defaultValue={service.name}
              maxLength={120}
              onChange={({ currentTarget }) => follows && setSlug(slugOf(currentTarget.value))}
              {...described}
            />
          )}
        </FormField>
        <FormField fault={faults.kind} hint={t("form.kindHint")} label={t("form.kind")} name="kind">
          {(described) => (
            <Select defaultValue={service.kind} {...described}>
              {SERVICE_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`kind.${kind}`)}
                </option>
              ))}
            </Select>
          )}
        </FormField>
        <FormField
          className="sm:col-span-2"
          fault={faults.slug}
          hint={
            <>
              {t("form.slugHint")}{" "}
              <code className="break-all">
                {publicBase.replace(/^https?:\/\//, "")}
                {slug || "…"}
              </code>
            </>
          }
          label={t("form.slug")}
          name="slug"
        >
          {(described) => (
            <Input
              autoCapitalize="none"
              maxLength={64}
              onChange={({ currentTarget }) => {
                setFollows(false);
                setSlug(currentTarget.value);
              }}
              spellCheck={false}
              value={slug}
              {...described}
            />
          )}
        </FormField>
        <FormField
          className="sm:col-span-2"
          fault={faults.location}
          hint={t("form.locationHint")}
          label={t("form.location")}
          name="location"
        >
          {(described) => <Input defaultValue={service.location ?? ""} maxLength={500} {...described} />}
        </FormField>
      </CardSection>
    </Card>
  );
}

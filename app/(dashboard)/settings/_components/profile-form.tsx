"use client";

import { useLocale, useTranslations } from "next-intl";
import { type ReactNode, useState, useTransition } from "react";
import { TimeZoneField } from "@/app/_components/time-zone-field";
import type { TimeZoneGroup } from "@/app/_components/time-zones";
import { Button } from "@/app/_components/ui/button";
import { Input, Label, Select } from "@/app/_components/ui/field";
import { toast } from "@/app/_components/ui/toast";
import { type Refusal, useRefusalWords } from "@/app/_components/use-refusal-words";
import { LOCALES, type Locale } from "@/app/_i18n/locale";
import { saveProfile } from "@/app/(dashboard)/settings/actions";

interface ProfileFormProps {
  me: { name: string; handle: string; email: string; timeZone: string; locale: string };
  zones: TimeZoneGroup[];
}

const FIELDS = ["name", "handle", "timeZone", "locale"] as const;
type FieldName = (typeof FIELDS)[number];
type Fault = FieldName | "handleTaken";

// A language is named in itself, so that whoever cannot read the current one finds theirs.
const languages: Record<Locale, string> = { en: "English", fr: "Français" };

export function ProfileForm({ me, zones }: ProfileFormProps) {
  const t = useTranslations("settings");
  // The page may speak another language than the saved one: a browser's own choice comes first.
  const locale = useLocale();
  const inWords = useRefusalWords();
  const [fault, setFault] = useState<Fault | null>(null);
  const [pending, startTransition] = useTransition();

  function save(form: FormData) {
    const change = Object.fromEntries(
      FIELDS.flatMap((name) => {
        const value = String(form.get(name) ?? "").trim();
        return value === me[name] ? [] : [[name, value]];
      }),
    );
    if (Object.keys(change).length === 0) {
      toast.info(t("unchanged"));
      return;
    }
    startTransition(async () => {
      const answer = await saveProfile(change);
      const found = answer.ok ? null : faultOf(answer.error);
      setFault(found);
      if (answer.ok) toast.success(t("saved"));
      else if (found === null) toast.error(inWords(answer.error));
      else document.getElementById(found === "handleTaken" ? "handle" : found)?.focus();
    });
  }

  const faultAt = (name: FieldName) =>
    fault === name || (fault === "handleTaken" && name === "handle") ? fault : null;
  return (
    <form
      className="space-y-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save(new FormData(event.currentTarget));
      }}
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <Field fault={faultAt("name")} hint={t("profile.nameHint")} label={t("profile.name")} name="name">
          {(described) => <Input autoComplete="name" defaultValue={me.name} maxLength={200} {...described} />}
        </Field>
        <Field
          fault={faultAt("handle")}
          hint={t("profile.handleHint")}
          label={t("profile.handle")}
          name="handle"
        >
          {(described) => (
            <Input
              autoCapitalize="none"
              defaultValue={me.handle}
              maxLength={40}
              spellCheck={false}
              {...described}
            />
          )}
        </Field>
        <Field fault={null} hint={t("profile.emailHint")} label={t("profile.email")} name="email">
          {(described) => (
            <Input className="bg-sunken" defaultValue={me.email} readOnly type="email" {...described} />
          )}
        </Field>
        <Field fault={faultAt("locale")} label={t("profile.locale")} name="locale">
          {(described) => (
            <Select defaultValue={locale} {...described}>
              {LOCALES.map((one) => (
                <option key={one} lang={one} value={one}>
                  {languages[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <TimeZoneField fault={faultAt("timeZone") !== null} saved={me.timeZone} zones={zones} />
      <Button disabled={pending} type="submit" variant="primary">
        {pending ? t("saving") : t("save")}
      </Button>
    </form>
  );
}

function faultOf({ code, fields }: Refusal): Fault | null {
  const name = FIELDS.find((one) => one === fields?.[0]?.path);
  return code === "conflict" && name === "handle" ? "handleTaken" : (name ?? null);
}

interface FieldProps {
  name: FieldName | "email";
  label: string;
  hint?: string;
  fault: Fault | null;
  children: (described: {
    id: string;
    name: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean;
  }) => ReactNode;
}

function Field({ name, label, hint, fault, children }: FieldProps) {
  const t = useTranslations("settings.fault");
  const described = fault !== null || hint !== undefined ? `${name}-hint` : undefined;
  return (
    <div>
      <Label className="mb-1.5" htmlFor={name}>
        {label}
      </Label>
      {children({ id: name, name, "aria-describedby": described, "aria-invalid": fault !== null })}
      <p
        className={fault === null ? "mt-1.5 text-xs text-ink-muted" : "mt-1.5 text-sm text-danger"}
        id={`${name}-hint`}
      >
        {fault === null ? hint : t(fault)}
      </p>
    </div>
  );
}

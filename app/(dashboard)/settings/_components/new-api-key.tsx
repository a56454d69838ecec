"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { CopyButton } from "@/app/_components/copy-button";
import { Button } from "@/app/_components/ui/button";
import { Dialog, DialogClose } from "@/app/_components/ui/dialog";
import { Input, Label } from "@/app/_components/ui/field";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import { makeKey } from "@/app/(dashboard)/settings/actions";
import type { ApiScope } from "@/lib/organizations/context";

/** Makes a key and shows it this once; closing the dialog forgets it. */
export function NewApiKey({ scopes }: { scopes: ApiScope[] }) {
  const t = useTranslations("settings.keys");
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<string | null>(null);

  function change(next: boolean) {
    setOpen(next);
    if (next) setMade(null);
  }

  return (
    <Dialog
      closeLabel={t("create.close")}
      description={made === null ? t("create.description") : t("made.once")}
      onOpenChange={change}
      open={open}
      title={made === null ? t("create.title") : t("made.title")}
      trigger={
        <Button>
          <Plus aria-hidden />
          {t("create.action")}
        </Button>
      }
    >
      {made === null ? <ScopeForm onMade={setMade} scopes={scopes} /> : <MadeKey value={made} />}
    </Dialog>
  );
}

interface ScopeFormProps {
  scopes: ApiScope[];
  onMade: (key: string) => void;
}

function ScopeForm({ scopes, onMade }: ScopeFormProps) {
  const t = useTranslations("settings.keys");
  const inWords = useRefusalWords();
  const [chosen, setChosen] = useState<ApiScope[]>(["read"]);
  const [missing, setMissing] = useState(false);
  const [pending, startTransition] = useTransition();

  function toggle(scope: ApiScope, on: boolean) {
    setMissing(false);
    setChosen(on ? [...chosen, scope] : chosen.filter((one) => one !== scope));
  }

  function make() {
    setMissing(chosen.length === 0);
    if (chosen.length === 0) return;
    startTransition(async () => {
      const answer = await makeKey({ scopes: chosen });
      if (answer.ok) onMade(answer.data.key);
      else toast.error(inWords(answer.error));
    });
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <fieldset aria-describedby={missing ? "scopes-fault" : undefined} className="space-y-2">
        <legend className="mb-2 text-sm font-semibold">{t("create.scopes")}</legend>
        {scopes.map((scope) => (
          <label
            className="flex items-start gap-3 rounded-control border px-4 py-2.5 has-checked:border-brand has-checked:bg-brand-soft/60"
            key={scope}
          >
            <input
              checked={chosen.includes(scope)}
              className="mt-1 size-4 shrink-0 accent-brand"
              onChange={(event) => toggle(scope, event.currentTarget.checked)}
              type="checkbox"
            />
            <span className="text-sm">
              <span className="block font-medium">{t(`scope.${scope}`)}</span>
              <span className="block text-ink-muted">{t(`scopeHint.${scope}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {missing && (
        <p className="mt-3 text-sm text-danger" id="scopes-fault" role="alert">
          {t("create.noScope")}
        </p>
      )}
      <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <DialogClose>
          <Button>{t("create.cancel")}</Button>
        </DialogClose>
        <Button disabled={pending} type="submit" variant="primary">
          {pending ? t("create.working") : t("create.confirm")}
        </Button>
      </div>
    </form>
  );
}

function MadeKey({ value }: { value: string }) {
  const t = useTranslations("settings.keys.made");
  return (
    <>
      <Label htmlFor="made-key">{t("label")}</Label>
      <div className="mt-1.5 flex flex-wrap items-center gap-2">
        <Input
          autoFocus
          className="min-w-0 flex-1 basis-64 font-mono"
          id="made-key"
          onFocus={(event) => event.currentTarget.select()}
          readOnly
          value={value}
        />
        <CopyButton label={t("copy")} value={value} />
      </div>
      <div className="mt-6 flex justify-end">
        <DialogClose>
          <Button variant="primary">{t("done")}</Button>
        </DialogClose>
      </div>
    </>
  );
}

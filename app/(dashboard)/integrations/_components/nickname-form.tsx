"use client";

import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "@/app/_components/ui/button";
import { Input } from "@/app/_components/ui/field";
import { toast } from "@/app/_components/ui/toast";
import { useRefusalWords } from "@/app/_components/use-refusal-words";
import type { IntegrationActions } from "@/app/(dashboard)/integrations/_components/integration-view";

interface NicknameFormProps {
  integrationId: string;
  /** The nickname, else the account's address. */
  title: string;
  nickname: string | null;
  rename: IntegrationActions["rename"];
}

/** The card's title, which its owner may change in place. */
export function NicknameForm({ integrationId, title, nickname, rename }: NicknameFormProps) {
  const t = useTranslations("integrations.nickname");
  const inWords = useRefusalWords();
  const [editing, setEditing] = useState(false);
  const [pending, startTransition] = useTransition();

  function save(form: FormData) {
    startTransition(async () => {
      const answer = await rename({ integrationId, nickname: String(form.get("nickname") ?? "").trim() });
      if (answer.ok) setEditing(false);
      else toast.error(inWords(answer.error));
    });
  }

  if (!editing) {
    return (
      <span className="flex min-w-0 items-center gap-1">
        <h2 className="min-w-0 truncate text-lg font-semibold">{title}</h2>
        <Button
          aria-label={t("edit", { name: title })}
          className="size-8 text-ink-muted"
          onClick={() => setEditing(true)}
          size="icon"
          variant="ghost"
        >
          <Pencil aria-hidden />
        </Button>
      </span>
    );
  }
  return (
    <form action={save} className="flex flex-wrap items-center gap-2">
      <Input
        aria-label={t("label")}
        autoFocus
        className="h-9 w-56"
        defaultValue={nickname ?? ""}
        maxLength={60}
        name="nickname"
        onKeyDown={(event) => event.key === "Escape" && setEditing(false)}
        placeholder={t("placeholder")}
      />
      <Button disabled={pending} size="sm" type="submit" variant="primary">
        {t("save")}
      </Button>
      <Button onClick={() => setEditing(false)} size="sm" variant="ghost">
        {t("cancel")}
      </Button>
    </form>
  );
}

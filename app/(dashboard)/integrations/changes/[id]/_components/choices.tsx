import { useTranslations } from "next-intl";
import { Card, CardHeader, CardHeading, CardSection } from "@/app/_components/ui/card";
import { SubmitButton } from "@/app/_components/ui/submit-button";
import { choose } from "@/app/(dashboard)/integrations/changes/[id]/actions";
import type { BulkChangeDetail } from "@/lib/bookings/bulk-changes";

/** Three things its owner can say, each with what follows. Plain forms: they work before any script has loaded. */
export function Choices({ change, vendor }: { change: BulkChangeDetail; vendor: string }) {
  const t = useTranslations("bulkChange.choices");
  const { id, status } = change;
  const missing = change.bookings.filter(isMissing).length;
  const held = status === "held";
  return (
    <Card aria-labelledby="choices">
      <CardHeader className="pb-4 sm:pb-4">
        <h2 className="text-lg font-semibold" id="choices">
          {t("title")}
        </h2>
      </CardHeader>
      {!held && (
        <Choice
          body={t("hold.body")}
          choice="hold"
          id={id}
          label={t("hold.action")}
          primary
          title={t("hold.title")}
        />
      )}
      <Choice
        body={`${t(held ? "accept.letGo" : "accept.free")} ${t("accept.bookings")}`}
        choice="accept"
        id={id}
        label={t("accept.action")}
        title={t("accept.title")}
      />
      <Choice
        body={missing === 0 ? t("restore.none") : t("restore.body", { count: missing, vendor })}
        choice="restore"
        id={id}
        label={missing === 0 ? null : t("restore.action")}
        title={t("restore.title")}
      />
    </Card>
  );
}

/** Its event is gone, elsewhere, or still being looked for. */
function isMissing({ status, event }: BulkChangeDetail["bookings"][number]): boolean {
  if (status === "cancelled") return false;
  return ["deleted_externally", "moved_externally", "relocated_externally"].includes(event.code ?? "");
}

interface ChoiceProps {
  id: string;
  choice: "accept" | "hold" | "restore";
  title: string;
  body: string;
  /** Of the button; null where there is nothing to do. */
  label: string | null;
  primary?: boolean;
}

function Choice({ id, choice, title, body, label, primary = false }: ChoiceProps) {
  return (
    <CardSection>
      <form action={choose} className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <input name="id" type="hidden" value={id} />
        <input name="choice" type="hidden" value={choice} />
        <div className="min-w-0 flex-1 basis-72">
          <CardHeading>{title}</CardHeading>
          <p className="mt-0.5 text-sm text-ink-muted">{body}</p>
        </div>
        {label !== null && <SubmitButton variant={primary ? "primary" : "secondary"}>{label}</SubmitButton>}
      </form>
    </CardSection>
  );
}

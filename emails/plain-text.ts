import type { MailView } from "@/emails/mail-view";
import type { Words } from "@/emails/words";

/** The same mail for those who read text. */
export function plainText(view: MailView, t: Words): string {
  const blocks = [
    view.heading,
    ...view.paragraphs,
    view.facts.map(({ label, value }) => t("line", { label, value })).join("\n"),
    view.button === null
      ? ""
      : `${t("line", { label: view.button.label, value: "" }).trim()}\n${view.button.href}`,
    `-- \n${view.footer}`,
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

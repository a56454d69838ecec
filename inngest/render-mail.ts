import type { RenderMail } from "@/lib/mail/mail-content";

/** Templates are loaded with the first mail: a process that sends none does without them. */
export const renderMail: RenderMail = async (content) => {
  const templates = await import("@/emails/render-mail");
  return templates.renderMail(content);
};

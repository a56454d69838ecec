import { render } from "react-email";
import { bookingView } from "@/emails/booking-view";
import { connectionView } from "@/emails/connection-view";
import { Layout } from "@/emails/layout";
import { plainText } from "@/emails/plain-text";
import { wordsIn } from "@/emails/words";
import type { RenderMail } from "@/lib/mail/mail-content";

/** Puts a mail into words: subject, text and HTML say the same. */
export const renderMail: RenderMail = async (content) => {
  const view = content.template === "booking" ? bookingView(content) : connectionView(content);
  return {
    subject: view.subject,
    text: plainText(view, wordsIn(content.locale)),
    html: await render(<Layout view={view} />),
  };
};

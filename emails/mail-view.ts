/** What one mail shows, before it becomes HTML or text. Every part is plain text. */
export interface MailView {
  locale: string;
  subject: string;
  heading: string;
  paragraphs: string[];
  facts: { label: string; value: string }[];
  button: { label: string; href: string } | null;
  footer: string;
}

export const CLIENT_FIELDS = ["name", "email", "phone", "address", "instructions"] as const;
export type ClientField = (typeof CLIENT_FIELDS)[number];

/** What a form is shown with after it was sent, in words already: the page carries none of its own. */
export interface FormState {
  values: Partial<Record<string, string>>;
  faults: Partial<Record<string, string>>;
  refusal: { title: string; body: string } | null;
  /** Free slots in the place of the one that was taken; each is a button of its own. */
  offers: { start: string; label: string }[];
}

export const UNTOUCHED: FormState = { values: {}, faults: {}, refusal: null, offers: [] };

/** One text of a form; a file or a field given twice counts as empty. */
export function textOf(form: FormData, name: string): string {
  const given = form.getAll(name);
  return given.length === 1 && typeof given[0] === "string" ? given[0] : "";
}

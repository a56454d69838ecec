import type { SandboxContext } from "./context";

export type Language = "en" | "fr";

const COOKIE = "sandbox_lang";

/** The reader's language: `?hl=`, then the cookie of an earlier choice, then the browser's wish. */
export function languageOf(c: SandboxContext): Language {
  const cookie = new RegExp(`${COOKIE}=(\\w\\w)`).exec(c.req.header("cookie") ?? "")?.[1];
  const wish = c.req.query("hl") ?? cookie ?? c.req.header("accept-language") ?? "en";
  return wish.toLowerCase().startsWith("fr") ? "fr" : "en";
}

/** Remembers a choice made by `?hl=` for the pages that follow. */
export function rememberLanguage(c: SandboxContext): void {
  if (c.req.query("hl") === undefined) return;
  c.header("set-cookie", `${COOKIE}=${languageOf(c)}; Path=/; SameSite=Lax`, { append: true });
}

export type Say = (english: string, french: string) => string;

export function sayIn(language: Language): Say {
  return (english, french) => (language === "fr" ? french : english);
}

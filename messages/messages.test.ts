import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import en from "@/messages/en.json";
import fr from "@/messages/fr.json";
import lastResort from "@/messages/last-resort.json";

/** Words both languages spell alike. Anything else that is equal was forgotten. */
const SAME_IN_BOTH = new Set([
  "exports.event.kinds.intervention",
  "history.details.kinds.export",
  "history.statistics.none",
  "history.trigger.push",
  "mail.title",
  "notifications.title",
  "shell.messages",
]);

function flatten(tree: unknown, prefix = ""): [string, string][] {
  if (typeof tree === "string") return [[prefix, tree]];
  return Object.entries(tree as Record<string, unknown>).flatMap(([key, value]) =>
    flatten(value, prefix === "" ? key : `${prefix}.${key}`),
  );
}

/** Names of arguments and tags; a plural's branch is no argument, though it stands in braces too. */
function placeholders(message: string): string[] {
  const names = message.matchAll(
    /(?<![,}]\s*(?:=\d+|zero|one|two|few|many|other)\s*)\{\s*(\w+)\s*[,}]|<(\w+)>/g,
  );
  return [...new Set([...names].map(([, argument, tag]) => argument ?? `<${tag}>`))].sort();
}

function faultsOf(locale: "en" | "fr", messages: typeof en): string[] {
  const faults: string[] = [];
  const t = createTranslator({ locale, messages, onError: (error) => faults.push(error.message) });
  for (const [key, message] of flatten(messages)) {
    const values = Object.fromEntries(
      placeholders(message).map((name) =>
        name.startsWith("<") ? [name.slice(1, -1), (chunks: unknown) => chunks] : [name, 2],
      ),
    );
    t.rich(key as never, values as never);
  }
  return faults;
}

const english = new Map(flatten(en));
const french = new Map(flatten(fr));

describe("messages", () => {
  it("have the same keys in both languages", () => {
    expect([...french.keys()]).toEqual([...english.keys()]);
    expect(Object.keys(lastResort.fr)).toEqual(Object.keys(lastResort.en));
  });

  it("take the same placeholders in both languages", () => {
    const unequal = [...english].flatMap(([key, message]) => {
      const [here, there] = [placeholders(message), placeholders(french.get(key) ?? "")];
      return here.join() === there.join() ? [] : [{ key, here, there }];
    });
    expect(unequal).toEqual([]);
  });

  it("are all well-formed", () => {
    expect(faultsOf("en", en)).toEqual([]);
    expect(faultsOf("fr", fr as typeof en)).toEqual([]);
  });

  it("are translated: a French text equal to the English one is on the list", () => {
    const untranslated = [...english]
      .filter(([key, message]) => french.get(key) === message)
      .map(([key]) => key);
    expect(untranslated.sort()).toEqual([...SAME_IN_BOTH].sort());
  });

  it("keep French punctuation on its line: a non-breaking space before : ; ? ! » % and after «", () => {
    const breaking = [...french].filter(([, message]) =>
      /[ \p{L}\d)][;?!»%]|[ \p{L}][:](?!\/)|«[^\u00a0\u202f]/u.test(message),
    );
    expect(breaking).toEqual([]);
  });

  it("use the typographic apostrophe, which ICU does not take for a quotation", () => {
    expect([...english, ...french].filter(([, message]) => message.includes("'"))).toEqual([]);
  });
});

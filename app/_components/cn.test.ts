import { describe, expect, it } from "vitest";
import { cn } from "@/app/_components/cn";

describe("joined class names", () => {
  it.each([
    [["h-10 w-full bg-surface px-3", "h-9 w-56"], "bg-surface px-3 h-9 w-56"],
    [["size-9 px-3", "size-8"], "px-3 size-8"],
    [
      ["h-10 px-4 whitespace-nowrap", "h-auto min-h-10 whitespace-normal"],
      "px-4 h-auto min-h-10 whitespace-normal",
    ],
    [["p-4 sm:px-6 sm:py-5", "py-3 sm:py-3.5"], "p-4 sm:px-6 py-3 sm:py-3.5"],
    [["px-2 py-1", "p-3"], "p-3"],
    [["text-sm text-ink", "text-xs text-ink-muted"], "text-xs text-ink-muted"],
    [["hover:text-ink text-ink", "text-brand hover:text-brand"], "text-brand hover:text-brand"],
    [["rounded-card shadow-card", "shadow-none"], "rounded-card shadow-none"],
    [["border border-line", "border-t border-dashed"], "border border-line border-t border-dashed"],
    [["flex-1 basis-64 min-w-0", undefined, false], "flex-1 basis-64 min-w-0"],
    [["unknown-one", "unknown-two"], "unknown-one unknown-two"],
  ])("of %j are %s", (classes, expected) => {
    expect(cn(...classes)).toBe(expected);
  });
});

import { type ClassValue, clsx } from "clsx";

/** What a utility class sets, by the look of its name; the first that fits counts. Others never replace each other. */
const SETS: readonly [RegExp, string][] = [
  [/^size-/, "h w"],
  [/^([hw]|min-[hw]|max-[hw]|basis|bg|whitespace|top|bottom|left|right|z|opacity|order)-/, "$1"],
  [/^p-/, "pt pr pb pl"],
  [/^px-/, "pl pr"],
  [/^py-/, "pt pb"],
  [/^(p[trbl])-/, "$1"],
  [/^-?m-/, "mt mr mb ml"],
  [/^-?mx-/, "ml mr"],
  [/^-?my-/, "mt mb"],
  [/^-?(m[trbl])-/, "$1"],
  [/^(gap-[xy])-/, "$1"],
  [/^gap-/, "gap-x gap-y"],
  [/^-?(translate-[xy])-/, "$1"],
  [/^space-([xy])-/, "space-$1"],
  [/^inset-x-/, "left right"],
  [/^inset-y-/, "top bottom"],
  [/^inset-/, "top right bottom left"],
  [/^(?:static|relative|absolute|fixed|sticky)$/, "position"],
  [/^(?:block|flex|grid|hidden|inline|inline-block|inline-flex|contents)$/, "display"],
  [/^flex-(?:row|col)/, "flex-direction"],
  [/^flex-(?:no)?wrap/, "flex-wrap"],
  [/^flex-/, "flex"],
  [/^(shrink|grow)/, "$1"],
  [/^(items|justify|self|content|place-items|overflow|appearance|cursor|select|tracking|leading)-/, "$1"],
  [/^text-(?:xs|sm|base|lg|[2-9]?xl)$/, "font-size"],
  [/^text-(?:left|center|right)$/, "text-align"],
  [/^text-(?:balance|pretty|wrap|nowrap)$/, "text-wrap"],
  [/^text-/, "color"],
  [/^font-(?:normal|medium|semibold|bold)$/, "font-weight"],
  [/^font-/, "font-family"],
  [/^border(?:-[0248])?$/, "border-t border-r border-b border-l"],
  [/^(border-[trbl])(?:-\d)?$/, "$1"],
  [/^border-(?:solid|dashed|dotted)$/, "border-style"],
  [/^border-/, "border-color"],
  [/^(transition|animate|break|underline-offset|grid-cols)(?:-|$)/, "$1"],
  [/^rounded(?:-(?:control|card|full|none|sm|md|lg|xl))?$/, "radius"],
  [/^shadow(?:-|$)/, "shadow"],
];

function setBy(name: string): string[] {
  const cut = name.lastIndexOf(":") + 1;
  const variant = name.slice(0, cut);
  const utility = name.slice(cut);
  const [pattern, sets] = SETS.find(([one]) => one.test(utility)) ?? [];
  if (pattern === undefined || sets === undefined) return [];
  return sets
    .replaceAll("$1", utility.match(pattern)?.[1] ?? "")
    .split(" ")
    .map((property) => variant + property);
}

/** Joins class names; one whose whole effect a later one takes over is left out. */
export function cn(...classes: ClassValue[]): string {
  const taken = new Set<string>();
  const kept: string[] = [];
  for (const name of clsx(classes).split(/\s+/).reverse()) {
    const sets = setBy(name);
    if (name === "" || (sets.length > 0 && sets.every((property) => taken.has(property)))) continue;
    for (const property of sets) taken.add(property);
    kept.unshift(name);
  }
  return kept.join(" ");
}

import type { Store } from "./store";

export type SwitchValue = boolean | number | string;

export interface SwitchInfo {
  name: string;
  value: SwitchValue;
  default: SwitchValue;
  description: string;
  /** The description for French readers, where there is one. */
  descriptionFr?: string;
  choices?: readonly string[];
}

/** What a switch is for: in English, or in English and French. */
type Meaning = string | readonly [english: string, french: string];

/** Named knobs that change how the sandbox behaves. Values that differ from the default survive a restart. */
export interface Switches {
  /** Declares a switch and returns its reader, cheap enough for every request. */
  define<T extends SwitchValue>(
    name: string,
    initial: T,
    meaning: Meaning,
    choices?: readonly T[],
  ): () => Widen<T>;
  get(name: string): SwitchValue;
  /** Throws `UnknownSwitch` or `BadSwitchValue`; strings from forms are converted to the switch's type. */
  set(name: string, value: SwitchValue): void;
  reset(name?: string): void;
  list(): SwitchInfo[];
}

type Widen<T> = T extends boolean ? boolean : T extends number ? number : T extends string ? T : never;

class UnknownSwitch extends Error {}
class BadSwitchValue extends Error {}

interface Definition {
  value: SwitchValue;
  initial: SwitchValue;
  meaning: Meaning;
  choices?: readonly SwitchValue[];
}

export function createSwitches(store: Store): Switches {
  const definitions = new Map<string, Definition>();
  const overrides = store.collection<SwitchValue>("switches");
  const find = (name: string) => {
    const definition = definitions.get(name);
    if (definition === undefined) throw new UnknownSwitch(`There is no switch named ${name}`);
    return definition;
  };
  return {
    define(name, initial, meaning, choices) {
      const definition: Definition = { value: overrides.get(name) ?? initial, initial, meaning, choices };
      definitions.set(name, definition);
      return () => definition.value as never;
    },
    get: (name) => find(name).value,
    set(name, value) {
      const definition = find(name);
      definition.value = convert(name, definition, value);
      overrides.set(name, definition.value);
    },
    reset(name) {
      for (const [key, definition] of definitions) {
        if (name !== undefined && name !== key) continue;
        definition.value = definition.initial;
        overrides.delete(key);
      }
    },
    list: () => [...definitions].map(([name, definition]) => describe(name, definition)),
  };
}

function describe(name: string, { value, initial, meaning, choices }: Definition): SwitchInfo {
  const [description, descriptionFr] = typeof meaning === "string" ? [meaning] : meaning;
  return {
    name,
    value,
    default: initial,
    description,
    ...(descriptionFr !== undefined && { descriptionFr }),
    ...(choices && { choices: choices.map(String) }),
  };
}

function convert(name: string, definition: Definition, value: SwitchValue): SwitchValue {
  const converted = toTypeOf(definition.initial, value);
  const allowed = definition.choices === undefined || definition.choices.includes(converted);
  if (!allowed || Number.isNaN(converted))
    throw new BadSwitchValue(`${String(value)} is no value for ${name}`);
  return converted;
}

function toTypeOf(example: SwitchValue, value: SwitchValue): SwitchValue {
  if (typeof example === "number") return value === "" ? Number.NaN : Number(value);
  if (typeof example === "boolean")
    return value === true || value === "true" || value === "on" || value === 1;
  return String(value);
}

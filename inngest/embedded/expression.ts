/** What a condition may speak of: `event` started the run, `async` is the one that just came in. */
interface ExpressionScope {
  event: unknown;
  async?: unknown;
}

type Path = readonly string[];

export interface Condition {
  source: string;
  matches(scope: ExpressionScope): boolean;
  /** Set when the whole condition is `event.<path> == async.<path>`: listeners are then found by value. */
  join?: { event: Path; async: Path };
}

export type ValueReader = (event: unknown) => unknown;

class UnsupportedExpressionError extends Error {
  constructor(source: string, reason: string) {
    super(`the expression \`${source}\` is not supported: ${reason}`);
    this.name = "UnsupportedExpressionError";
  }
}

type Token = { kind: "symbol" | "path"; text: string } | { kind: "literal"; value: string | number };
type Operand = { path: Path } | { literal: unknown };
type Test = (scope: ExpressionScope) => boolean;

const TOKEN =
  /\s*(?:(?<symbol>==|!=|&&|\|\||[()])|'(?<single>[^'\\]*)'|"(?<double>[^"\\]*)"|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|(?<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?![\w.]))/y;
const WORDS: Record<string, unknown> = { true: true, false: false, null: null };

/**
 * Compiles the part of CEL that needs no evaluator: `==` and `!=` between paths and literals, joined by `&&`,
 * `||` and parentheses. Everything else is refused rather than half understood.
 */
export function compileCondition(source: string, roots: readonly ("event" | "async")[]): Condition {
  const reader = createReader(source, roots);
  const test = readAny(reader);
  if (reader.peek() !== undefined) throw new UnsupportedExpressionError(source, "it goes on after its end");
  return { source, matches: test, join: readJoin(source) };
}

/** Compiles a key: a path below `event`, or a literal. */
export function compileValue(source: string): ValueReader {
  const reader = createReader(source, ["event"]);
  const operand = readOperand(reader);
  if (reader.peek() !== undefined) {
    throw new UnsupportedExpressionError(source, "a key is one path below event, or one literal");
  }
  return (event) => evaluate(operand, { event });
}

export function readPath(value: unknown, path: Path): unknown {
  let current = value;
  for (const name of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, name)) return undefined;
    current = (current as Record<string, unknown>)[name];
  }
  return current;
}

interface Reader {
  source: string;
  roots: readonly string[];
  peek(): Token | undefined;
  next(): Token | undefined;
  takeSymbol(text: string): boolean;
}

function createReader(source: string, roots: readonly string[]): Reader {
  const tokens = tokenize(source);
  let position = 0;
  return {
    source,
    roots,
    peek: () => tokens[position],
    next: () => tokens[position++],
    takeSymbol(text) {
      const token = tokens[position];
      if (token?.kind !== "symbol" || token.text !== text) return false;
      position++;
      return true;
    },
  };
}

function tokenize(source: string): Token[] {
  const text = source.trimEnd();
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) throw new UnsupportedExpressionError(source, `cannot read \`${text.slice(start).trim()}\``);
    const quoted = groups.single ?? groups.double;
    if (quoted !== undefined) tokens.push({ kind: "literal", value: quoted });
    else if (groups.number !== undefined) tokens.push({ kind: "literal", value: Number(groups.number) });
    else if (groups.symbol !== undefined) tokens.push({ kind: "symbol", text: groups.symbol });
    else tokens.push({ kind: "path", text: groups.path ?? "" });
  }
  return tokens;
}

function readAny(reader: Reader): Test {
  const tests = [readAll(reader)];
  while (reader.takeSymbol("||")) tests.push(readAll(reader));
  return (scope) => tests.some((test) => test(scope));
}

function readAll(reader: Reader): Test {
  const tests = [readTerm(reader)];
  while (reader.takeSymbol("&&")) tests.push(readTerm(reader));
  return (scope) => tests.every((test) => test(scope));
}

function readTerm(reader: Reader): Test {
  if (reader.takeSymbol("(")) {
    const inner = readAny(reader);
    if (!reader.takeSymbol(")")) throw new UnsupportedExpressionError(reader.source, "a parenthesis is open");
    return inner;
  }
  const left = readOperand(reader);
  const equal = reader.takeSymbol("==");
  if (!equal && !reader.takeSymbol("!=")) {
    throw new UnsupportedExpressionError(reader.source, "only == and != are known");
  }
  const right = readOperand(reader);
  return (scope) => isEqual(evaluate(left, scope), evaluate(right, scope)) === equal;
}

function readOperand(reader: Reader): Operand {
  const token = reader.next();
  if (token?.kind === "literal") return { literal: token.value };
  if (token?.kind !== "path") throw new UnsupportedExpressionError(reader.source, "a value is missing");
  if (Object.hasOwn(WORDS, token.text)) return { literal: WORDS[token.text] };
  const path = token.text.split(".");
  if (!reader.roots.includes(path[0] ?? "") || path.length < 2) {
    throw new UnsupportedExpressionError(reader.source, `\`${token.text}\` is unknown here`);
  }
  return { path };
}

function evaluate(operand: Operand, scope: ExpressionScope): unknown {
  return "path" in operand ? readPath(scope, operand.path) : operand.literal;
}

/** Missing equals null, but two missing values are not the same thing: they must never join two events. */
function isEqual(left: unknown, right: unknown): boolean {
  if (left === undefined && right === undefined) return false;
  const value = left ?? null;
  return typeof value !== "object" || value === null ? value === (right ?? null) : false;
}

function readJoin(source: string): Condition["join"] {
  const sides = /^\s*(event|async)((?:\.[A-Za-z_]\w*)+)\s*==\s*(event|async)((?:\.[A-Za-z_]\w*)+)\s*$/.exec(
    source,
  );
  if (!sides || sides[1] === sides[3]) return undefined;
  const path = (text: string | undefined) => (text ?? "").slice(1).split(".");
  const [event, async] = sides[1] === "event" ? [sides[2], sides[4]] : [sides[4], sides[2]];
  return { event: path(event), async: path(async) };
}

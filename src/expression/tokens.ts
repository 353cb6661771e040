import { FormulaError } from "./formula-error.ts";

type TokenKind = "number" | "name" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** As written; "" at the end. */
  readonly text: string;
  readonly position: number;
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const SIGN = /<=|>=|==|!=|&&|\|\||[-+*/^()[\],<>!?:]/y;

// What people write from habit, and what it is called here.
const HABITS: ReadonlyMap<string, string> = new Map([
  ["=", "equality is written =="],
  ["&", "'and' is written and or &&"],
  ["|", "'or' is written or or ||, an absolute value abs(x)"],
  ["%", "there is no remainder; a - b*floor(a/b) is one"],
  ["~", "'not' is written not or !"],
  ["\u2212", "the minus sign is written -"],
  ["\u2013", "the minus sign is written -"],
  ["\u00d7", "a product is written *"],
  ["\u00b7", "a product is written *"],
  ["\u00f7", "a quotient is written /"],
  ["\u00b2", "a square is written ^2"],
  ["\u00b3", "a cube is written ^3"],
  ["\u03c0", "\u03c0 is written pi"],
  ["\u221a", "a square root is written sqrt(x)"],
  ["\u2264", "write <="],
  ["\u2265", "write >="],
  ["\u2260", "write !="],
]);

/** The words of a formula, with an end token after the last. */
export function tokenize(text: string, where: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = skip(SPACE, text, 0);
  while (position < text.length) {
    const token = tokenAt(text, position, where);
    tokens.push(token);
    position = skip(SPACE, text, position + token.text.length);
  }
  return [...tokens, { kind: "end", text: "", position: text.length }];
}

function tokenAt(text: string, position: number, where: string): Token {
  const kinds = [
    ["number", NUMBER],
    ["name", NAME],
    ["sign", SIGN],
  ] as const;
  for (const [kind, pattern] of kinds) {
    const end = skip(pattern, text, position);
    if (end > position) return { kind, text: text.slice(position, end), position };
  }
  throw new FormulaError(where, characterProblem(text, position), text, position);
}

function characterProblem(text: string, position: number): string {
  const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
  const code = character.codePointAt(0) ?? 0;
  const shown = code > 32 && code < 127 ? `'${character}'` : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const habit = HABITS.get(character);
  return `${shown} has no meaning in a formula${habit ? `: ${habit}` : code > 126 ? ", which is plain ASCII" : ""}`;
}

// Where a match that starts here ends: here, if there is none.
function skip(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : position;
}

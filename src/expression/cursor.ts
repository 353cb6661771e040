import { FormulaError } from "./formula-error.ts";
import { WORDS } from "./functions.ts";
import { MAX_DEPTH } from "./limits.ts";
import { type Token, tokenize } from "./tokens.ts";

/** A place in a formula that is being read, and the errors that point there. */
export class Cursor {
  readonly #text: string;
  readonly #where: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string, where: string) {
    this.#text = text;
    this.#where = where;
    this.#tokens = tokenize(text, where);
  }

  /** The next token, which stays; the end token for ever after the last. */
  get token(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "", position: this.#text.length };
  }

  next(): Token {
    const { token } = this;
    this.#at++;
    return token;
  }

  /** Takes the next token if it is one of these, and says which. */
  take(...texts: readonly string[]): string | undefined {
    return texts.includes(this.token.text) ? this.next().text : undefined;
  }

  /** Takes the next token if the table has it, and gives what the table has. */
  takeOf<T>(table: ReadonlyMap<string, T>): T | undefined {
    const value = table.get(this.token.text);
    if (value !== undefined) this.#at++;
    return value;
  }

  /** Takes this token; `expected` says in an error what else could have been there. */
  need(text: string, expected: string): void {
    if (!this.take(text)) throw this.unexpected(expected);
  }

  /** Reads what is inside of something. */
  nested<T>(read: () => T): T {
    if (this.#depth === MAX_DEPTH) {
      const problem = `needed at most ${MAX_DEPTH} parentheses, calls, signs and exponents around one another`;
      throw this.problem(problem, this.#tokens[this.#at - 1]?.position);
    }
    this.#depth++;
    const value = read();
    this.#depth--;
    return value;
  }

  unexpected(expected: string): FormulaError {
    const advice = adviceOn(this.#tokens[this.#at - 1], this.token);
    return this.problem(`expected ${expected}, got ${this.got()}${advice}`);
  }

  /** The next token in an error's words. */
  got(): string {
    return this.token.kind === "end" ? "the end" : `'${brief(this.token.text)}'`;
  }

  problem(problem: string, position = this.token.position): FormulaError {
    return new FormulaError(this.#where, problem, this.#text, position);
  }
}

/** The start of a text of any length. */
export function brief(text: string): string {
  return text.length > 24 ? `${text.slice(0, 24)}...` : text;
}

// What two tokens that cannot stand together were probably meant to be.
function adviceOn(before: Token | undefined, token: Token): string {
  if (before?.text === "*" && token.text === "*") return ": a power is written ^";
  const ends = before && (before.kind !== "sign" || before.text === ")" || before.text === "]");
  const word = token.kind === "name" && (token.text === "x" || !WORDS.includes(token.text));
  const starts = token.kind === "number" || token.text === "(" || word;
  return ends && starts ? `: a product needs its sign, ${brief(`${before.text}*${token.text}`)}` : "";
}

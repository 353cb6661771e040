import { type Code, code, unsigned, wordBytes } from "./code.ts";

const GLOBAL_GET = 0x23;
const V128_TYPE = 0x7b;
const CONST = [0xfd, 0x0c];
const END = 0x0b;
/** Marks are above all bytes. */
const MARK = 256;

/**
 * One word in all lanes, from a global of the module: engines on V8 build a constant that stands in the code again at each use,
 * by three instructions (exp took 1.5 times as long), and load one from a global by a single one.
 *
 * The global's index is known only when the module is encoded; until then a mark stands for it, 256 + the word.
 */
export function repeated(word: number): Code<"v128"> {
  // These take one instruction anyway.
  if (word === 0 || word === -1) return code("v128", CONST, four(word));
  return code("v128", [GLOBAL_GET], [MARK + (word >>> 0)]);
}

/** The constants of a module, in the order in which they are first met. */
export class Constants {
  readonly #indexes = new Map<number, number>();

  /** Bytes, with indexes of globals instead of marks. */
  resolved(marked: readonly number[]): number[] {
    const bytes: number[] = [];
    for (const byte of marked) {
      if (byte < MARK) bytes.push(byte);
      else bytes.push(...unsigned(this.#indexOf(byte)));
    }
    return bytes;
  }

  /** The module's globals. */
  globals(): readonly (readonly number[])[] {
    return [...this.#indexes.keys()].map((mark) => [V128_TYPE, 0, ...CONST, ...four(mark - MARK), END]);
  }

  #indexOf(mark: number): number {
    const known = this.#indexes.get(mark);
    if (known !== undefined) return known;
    this.#indexes.set(mark, this.#indexes.size);
    return this.#indexes.size - 1;
  }
}

function four(word: number): number[] {
  const bytes = wordBytes(word);
  return [...bytes, ...bytes, ...bytes, ...bytes];
}

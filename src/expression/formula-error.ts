import { InputError } from "../core/errors.ts";

const WINDOW = 64;

/** A formula that cannot be read: `position` is the index of the character at fault, and the message points at it. */
export class FormulaError extends InputError {
  readonly position: number;

  constructor(where: string, problem: string, text: string, position: number) {
    super(`${where}: ${problem}\n${pointer(text, position)}`);
    this.position = position;
  }
}

// The part of the formula around the position, and a caret under it. What could move the caret is shown as another character.
function pointer(text: string, position: number): string {
  const start = text.length <= WINDOW ? 0 : Math.max(0, Math.min(position - WINDOW / 2, text.length - WINDOW));
  const shown = text
    .slice(start, start + WINDOW)
    .replace(/\s/g, " ")
    .replace(/[^ -~]/g, "?");
  const before = start > 0 ? "..." : "";
  const after = start + WINDOW < text.length ? "..." : "";
  return `  ${before}${shown}${after}\n  ${" ".repeat(before.length + position - start)}^`;
}

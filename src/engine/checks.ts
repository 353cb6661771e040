import { IllConditionedError, InputError, NotPositiveDefiniteError } from "../core/errors.ts";
import type { Check } from "./plan.ts";

/** The first bad row of a check, in which of its ways, and at which place. */
export interface Finding {
  readonly row: number;
  readonly way?: number | undefined;
  readonly pivot?: number | undefined;
}

/** A check without its buffer: what is needed to make sense of its word. */
export type Question = Omit<Check, "buffer">;

/** What a check's word, not 0, says. */
export function findingOf({ others = [], pivots = 1 }: Question, word: number): Finding {
  const code = ~word >>> 0;
  const item = Math.floor(code / pivots);
  const ways = 1 + others.length;
  return { row: Math.floor(item / ways), way: item % ways, pivot: code % pivots };
}

/** The error that tells the caller. */
export function errorOf(check: Question, { row, way = 0, pivot = 0 }: Finding): InputError {
  const { message, code = "bad-data" } = [check, ...(check.others ?? [])][way] ?? check;
  const text = message.replaceAll("{row}", String(row)).replaceAll("{pivot}", String(pivot));
  const place = check.shared ? { pivot } : { row, pivot };
  if (code === "not-positive-definite") return new NotPositiveDefiniteError(text, place);
  if (code === "ill-conditioned") return new IllConditionedError(text, place);
  return new InputError(text, code);
}

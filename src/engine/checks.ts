import { IllConditionedError, InputError, NotPositiveDefiniteError } from "../core/errors.ts";

/** The error of a bad row: its message, with the row's number to be filled in, and its code. */
export interface CheckMessage {
  /** `{row}` becomes the row, `{pivot}` the pivot. */
  readonly message: string;
  /** Of the error that is thrown; "bad-data" where absent. */
  readonly code?: "bad-data" | "not-positive-definite" | "ill-conditioned";
}

/**
 * A scratch word, cleared first, in which a kernel reports the first bad row as `~row` (0: none). Where rows can be bad
 * in several ways, or at several places, it is ~((row * ways + way) * pivots + pivot); way 0 is the check's own.
 */
export interface Check extends CheckMessage {
  readonly buffer: string;
  /** The ways from 1 on. */
  readonly others?: readonly CheckMessage[];
  /** Places in a row, 1 where absent. */
  readonly pivots?: number;
  /** An input of which the word tells the first value that is no flag, 0 or 1. */
  readonly flags?: string;
  /** Whether the word is of one thing that all rows share, so that errors have no row. */
  readonly shared?: boolean;
}

/** The first bad row of a check, in which of its ways, and at which place. */
export interface BadRow {
  readonly row: number;
  readonly way?: number | undefined;
  readonly pivot?: number | undefined;
}

/** A check without its buffer: what is needed to make sense of its word. */
export type RowCheck = Omit<Check, "buffer">;

/** What a check's word, not 0, says. */
export function badRowOf({ others = [], pivots = 1 }: RowCheck, word: number): BadRow {
  const code = ~word >>> 0;
  const item = Math.floor(code / pivots);
  const ways = 1 + others.length;
  return { row: Math.floor(item / ways), way: item % ways, pivot: code % pivots };
}

/** The error that tells the caller. */
export function errorOf(check: RowCheck, { row, way = 0, pivot = 0 }: BadRow): InputError {
  const { message, code = "bad-data" } = [check, ...(check.others ?? [])][way] ?? check;
  const text = message.replaceAll("{row}", String(row)).replaceAll("{pivot}", String(pivot));
  const place = check.shared ? { pivot } : { row, pivot };
  if (code === "not-positive-definite") return new NotPositiveDefiniteError(text, place);
  if (code === "ill-conditioned") return new IllConditionedError(text, place);
  return new InputError(text, code);
}

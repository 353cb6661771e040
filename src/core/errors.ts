/** Stable names of what can go wrong; programs branch on these, never on a message. */
export type ErrorCode =
  | "bad-input"
  | "disposed"
  | "other-engine"
  | "bad-data"
  | "not-positive-definite"
  | "ill-conditioned"
  | "insecure-context"
  | "no-api"
  | "adapter-null"
  | "adapter-error"
  | "device-error"
  | "limits"
  | "cpu-engine"
  | "shader"
  | "validation"
  | "out-of-memory"
  | "internal"
  | "device-lost"
  | "integrity";

/** Base of every error that the library throws; `code` is stable, the message says where, needed, got. */
export class SurprisalError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The caller's data or options are wrong: says where, what was needed and what was got. */
export class InputError extends SurprisalError {
  constructor(message: string, code: ErrorCode = "bad-input") {
    super(code, message);
  }
}

/** Where a matrix of the caller's is at fault, as far as that is known. */
export interface MatrixPlace {
  /** Of a matrix a row: which one. */
  readonly row?: number | undefined;
  /** The column at which the factorisation broke down, or where the least is left of a variance. */
  readonly pivot?: number | undefined;
  /** The largest eigenvalue over the smallest. */
  readonly condition?: number | undefined;
}

/** A covariance that is not positive definite, or a scaleTril whose diagonal is not positive. */
export class NotPositiveDefiniteError extends InputError implements MatrixPlace {
  readonly row?: number | undefined;
  readonly pivot?: number | undefined;

  constructor(message: string, { row, pivot }: MatrixPlace = {}) {
    super(message, "not-positive-definite");
    this.row = row;
    this.pivot = pivot;
  }
}

/** A covariance so close to singular that results in f32 would keep fewer than two digits: condition · 2⁻²⁴ > 1e-2. */
export class IllConditionedError extends InputError implements MatrixPlace {
  readonly row?: number | undefined;
  readonly pivot?: number | undefined;
  readonly condition?: number | undefined;

  constructor(message: string, { row, pivot, condition }: MatrixPlace = {}) {
    super(message, "ill-conditioned");
    this.row = row;
    this.pivot = pivot;
    this.condition = condition;
  }
}

/** This machine cannot do it: says what to do about that. */
export class UnsupportedError extends SurprisalError {}

/** A fault of the library's own: a shader that does not compile, a binding that does not fit. */
export class KernelError extends SurprisalError {}

/** The GPU device went away; tensors that lived on it are gone. */
export class DeviceLostError extends SurprisalError {
  /** Where a long run had got to, to be resumed on another engine; absent where there was none under way. */
  readonly snapshot?: unknown;

  constructor(message: string, snapshot?: unknown) {
    super("device-lost", message);
    if (snapshot !== undefined) this.snapshot = snapshot;
  }
}

/** A result that cannot be: the machine did not do the work that it says it did. */
export class IntegrityError extends SurprisalError {
  constructor(message: string) {
    super("integrity", message);
  }
}

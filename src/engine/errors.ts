/** Stable names of what can go wrong; programs branch on these, never on a message. */
export type ErrorCode =
  | "bad-input"
  | "disposed"
  | "other-engine"
  | "bad-data"
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

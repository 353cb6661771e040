/** The names that a formula may use, and what its errors start with. */
export interface FormulaContext {
  /** 0: one number, `x`. d >= 1: a vector, `x[0]` to `x[d - 1]`. */
  readonly dimension: number;
  /** Starts the message of an error. */
  readonly where: string;
  /** Names that the formula may use besides x. */
  readonly parameters?: readonly string[];
}

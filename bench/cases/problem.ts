/** Logits [rows, classes] and class ids; with what the right answers need, in f64. */
export interface RowProblem {
  readonly group: "rows";
  readonly rows: number;
  readonly classes: number;
  readonly logits: Float32Array;
  readonly targets: Int32Array;
  /** log Σ exp of each row. */
  readonly logSums: Float64Array;
}

/** Points [rows, dimensions] of a Gaussian: one std for all rows, or a covariance a row. */
export interface GaussianProblem {
  readonly group: "gaussian";
  readonly form: "diagonal" | "matrix";
  readonly rows: number;
  readonly dimensions: number;
  readonly x: Float32Array;
  readonly mean: readonly number[];
  /** Of the diagonal form. */
  readonly std: readonly number[];
  /** [rows, dimensions, dimensions] of the matrix form. */
  readonly covariance: Float32Array;
  /** The log-densities, in f64. */
  readonly want: Float64Array;
}

export const integrands = ["x²", "exp(Σx/10)", "x > 2"] as const;

export type Integrand = (typeof integrands)[number];

/** The mean of a function of standard normals, by so many samples. */
export interface SampleProblem {
  readonly group: "monte-carlo";
  readonly integrand: Integrand;
  readonly dimensions: number;
  readonly samples: number;
  /** As our formulas say it. */
  readonly formula: string;
  readonly truth: number;
  /** Standard deviation of the integrand, and so √samples times the standard error of any honest mean. */
  readonly deviation: number;
}

/** Small work from array to array, where the way to the device and back is what takes time. */
export interface TripProblem {
  readonly group: "latency";
  readonly rows: RowProblem;
  readonly samples: SampleProblem;
}

export type Problem = RowProblem | GaussianProblem | SampleProblem | TripProblem;

/** What a contestant answers: the values; where there are a loss and a gradient, both; of a mean, one number. */
export type Answer = readonly ArrayLike<number>[];

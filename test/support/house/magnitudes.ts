import {
  crossEntropy,
  type Engine,
  gaussianLogDensity,
  gaussianLogDensityWithGradient,
  gaussianNll,
  mahalanobis,
  normalizeAdvantages,
  type Tensor,
} from "../../../src/index.ts";
import { meanSquaredError, vae } from "../../../src/robotics/index.ts";
import { numbers } from "../numbers.ts";
import { type Judged, normalizedOf } from "../returns/advantages.ts";

/** f32's unit roundoff, its least normal number, and the largest. */
const U = 2 ** -24;
const TINY = 2 ** -126;
const MOST = 2 ** 128 - 2 ** 104;

/** A function that squares what it is given, at values of one magnitude, and what it gives in f64. */
export interface Law {
  readonly name: string;
  /** Gives it `rows` rows of values just below 2^exponent. */
  readonly run: (engine: Engine, exponent: number, rows: number) => { readonly got: Tensor; readonly judged: Judged };
}

/** Seeded f32 values of both signs, from 2^(exponent - 1) to 2^exponent in size. */
export function ofMagnitude(seed: number, count: number, exponent: number): Float32Array {
  const next = numbers(seed);
  return Float32Array.from({ length: count }, () => {
    return (next(2) === 0 ? -1 : 1) * (0.5 + next(2 ** 23) / 2 ** 24) * 2 ** exponent;
  });
}

/** Values, each right to so many roundings of itself, and what f32 may flush. */
function within(want: ArrayLike<number>, roundings: number): Judged {
  const values = Float64Array.from(want, (value) => (Math.abs(value) > MOST ? Math.sign(value) * Infinity : value));
  return { want: values, budget: values.map((value) => U * roundings * Math.abs(value) + 2 * TINY) };
}

const COLUMNS = 7;

function rowsOf(rows: number, of: (row: number, at: number) => number, reduce = (sum: number) => sum): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let c = 0; c < COLUMNS; c++) sum += of(row, row * COLUMNS + c);
    return reduce(sum);
  });
}

const square = (a: ArrayLike<number>, b: ArrayLike<number>, k: number) => ((a[k] as number) - (b[k] as number)) ** 2;
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
const limited = (exponent: number, most: number) => Math.max(-most, Math.min(most, exponent));

function pair(engine: Engine, exponent: number, rows: number) {
  const [a, b] = [ofMagnitude(1, rows * COLUMNS, exponent), ofMagnitude(2, rows * COLUMNS, exponent)];
  const shape = [rows, COLUMNS];
  return { a, b, x: engine.tensor(a, shape), y: engine.tensor(b, shape) };
}

function normalized(count: number, minibatch: number, offset: boolean): Law {
  return {
    name: `normalizeAdvantages of ${count} in minibatches of ${minibatch}${offset ? ", with a common offset" : ""}`,
    run: (engine, exponent) => {
      const values = ofMagnitude(3, count, exponent);
      // All of one sign, their deviations a sixteenth of them.
      if (offset) values.set(values.map((x) => 2 ** exponent * 0.75 + x / 16));
      const got = normalizeAdvantages(engine.tensor(values, [count]), { minibatch });
      return { got, judged: normalizedOf(values, minibatch, 1e-8) };
    },
  };
}

/** Each row's cross-entropy with its largest logit, which is next to nothing, and so the z-loss. */
function zLossOf(mask: readonly boolean[] | undefined): Law {
  return {
    name: `crossEntropy's z-loss${mask ? ", under a mask" : ""}`,
    run: (engine, exponent, rows) => {
      const { a, x } = pair(engine, exponent, rows);
      const zLoss = 2 ** Math.max(-120, Math.min(0, 16 - 2 * exponent));
      const targets: number[] = [];
      const want = new Float64Array(rows);
      const budget = new Float64Array(rows);
      for (let row = 0; row < rows; row++) {
        const logits = a.subarray(row * COLUMNS, (row + 1) * COLUMNS);
        const peak = Math.max(...logits);
        targets.push(logits.indexOf(peak));
        const rest = Math.log(logits.reduce((total, x) => total + Math.exp(x - peak), 0));
        const z = zLoss * (peak + rest) ** 2;
        want[row] = rest + z > MOST ? Number.POSITIVE_INFINITY : rest + z;
        // The log-sum-exp errs by an ULP of itself and 4e-6, and its square by twice that.
        budget[row] = 4e-6 + 2 ** -20 * z + 8e-6 * Math.sqrt(z * zLoss);
      }
      const got = crossEntropy(x, targets, { reduction: "none", zLoss, ...(mask ? { mask } : {}) });
      return { got, judged: { want, budget } };
    },
  };
}

/** Differences have one rounding, squares one more, additions one each; scales and the way back a few. */
const OF_SQUARES = 2 * COLUMNS + 16;

export const LAWS: readonly Law[] = [
  normalized(2, 2, false),
  normalized(600, 200, false),
  normalized(9_001, 9_001, false),
  normalized(600, 200, true),
  zLossOf(undefined),
  zLossOf(new Array(COLUMNS).fill(true)),
  {
    name: "meanSquaredError of rows",
    run: (engine, exponent, rows) => {
      const { a, b, x, y } = pair(engine, exponent, rows);
      const scale = 2 ** limited(-2 * exponent, 100);
      const want = rowsOf(
        rows,
        (_, k) => square(a, b, k),
        (total) => (scale * total) / COLUMNS,
      );
      return { got: meanSquaredError(x, y, { scale }), judged: within(want, OF_SQUARES) };
    },
  },
  {
    name: "meanSquaredError of everything",
    run: (engine, exponent, rows) => {
      const { a, b, x, y } = pair(engine, exponent, rows);
      const scale = 2 ** limited(-2 * exponent, 100);
      const total = sum(rowsOf(rows, (_, k) => square(a, b, k)));
      const judged = within([(scale * total) / (rows * COLUMNS)], OF_SQUARES + rows);
      // A row's part of the mean may be flushed.
      judged.budget[0] = (judged.budget[0] as number) + rows * TINY;
      return { got: meanSquaredError(x, y, { scale, reduction: "mean" }), judged };
    },
  },
  {
    name: "unitGaussianKl",
    run: (engine, exponent, rows) => {
      const { a, x } = pair(engine, exponent, rows);
      const zeros = engine.tensor(new Float32Array(rows * COLUMNS), [rows, COLUMNS]);
      return {
        got: vae.unitGaussianKl(x, zeros),
        judged: within(
          rowsOf(rows, (_, k) => (a[k] as number) ** 2 / 2),
          OF_SQUARES,
        ),
      };
    },
  },
  {
    name: "gaussianNll of each value, whose variance is its square",
    run: (engine, exponent, rows) => {
      const { a, b, x, y } = pair(engine, exponent, rows);
      const variance = 2 ** limited(2 * exponent, 120);
      const eps = Math.min(variance, 1e-6);
      const want = Float64Array.from(a, (_, k) => 0.5 * (Math.log(variance) + square(a, b, k) / variance));
      const judged = within(want, 16);
      // The logarithm and the square may cancel.
      judged.want.forEach((_, k) => {
        const size = Math.abs(0.5 * Math.log(variance)) + (0.5 * square(a, b, k)) / variance;
        judged.budget[k] = U * 16 * size + 2 * TINY;
      });
      return { got: gaussianNll(x, y, variance, { reduction: "none", eps }), judged };
    },
  },
  {
    name: "gaussianLogDensity, whose std is as large as the values",
    run: (engine, exponent, rows) => {
      const { a, x } = pair(engine, exponent, rows);
      const std = 2 ** limited(exponent, 126);
      const level = COLUMNS * (Math.log(std) + 0.5 * Math.log(2 * Math.PI));
      const want = rowsOf(
        rows,
        (_, k) => 0.5 * ((a[k] as number) / std) ** 2,
        (q) => -q - level,
      );
      const judged = within(want, 0);
      const size = COLUMNS * (Math.abs(Math.log(std)) + 1) + 16 * COLUMNS;
      return {
        got: gaussianLogDensity(x, { mean: 0, std }),
        judged: { ...judged, budget: want.map(() => 1e-5 * size) },
      };
    },
  },
  {
    name: "mahalanobis under a std of 1",
    run: (engine, exponent, rows) => {
      const { a, x } = pair(engine, exponent, rows);
      return {
        got: mahalanobis(x, { mean: 0, std: 1 }),
        judged: within(
          rowsOf(rows, (_, k) => (a[k] as number) ** 2, Math.sqrt),
          16,
        ),
      };
    },
  },
  {
    name: "mahalanobis under a std a row",
    run: (engine, exponent, rows) => {
      const { a, x } = pair(engine, exponent, rows);
      const std = engine.tensor(new Float32Array(rows * COLUMNS).fill(1), [rows, COLUMNS]);
      return {
        got: mahalanobis(x, { mean: 0, std }),
        judged: within(
          rowsOf(rows, (_, k) => (a[k] as number) ** 2, Math.sqrt),
          16,
        ),
      };
    },
  },
  {
    name: "the log-density's gradient by std",
    run: (engine, exponent, rows) => {
      const { a, x } = pair(engine, exponent, rows);
      // So that above 2^64 the square is beyond f32, and the gradient is not.
      const std = 2 ** Math.ceil(exponent > 64 ? (2 * exponent - 118) / 3 : exponent / 2);
      const want = Float64Array.from(a, (value) => ((value / std) ** 2 - 1) / std);
      const { gradient } = gaussianLogDensityWithGradient(x, { mean: 0, std }, { gradients: ["std"] });
      const judged = within(want, 8);
      // z^2 - 1 may cancel.
      want.forEach((_, k) => {
        judged.budget[k] = (U * 8 * (((a[k] as number) / std) ** 2 + 1)) / std + 2 * TINY;
      });
      return { got: gradient.std as Tensor, judged };
    },
  },
];

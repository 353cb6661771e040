import { type Case, errorOf, larger, type Part } from "./case.ts";
import type { GaussianProblem } from "./problem.ts";
import { bellShaped, uniforms } from "./random.ts";

const DIMENSIONS = 7;

export const gaussianParts: readonly Part[] = [
  part("gaussian-diagonal", "gaussianLogDensity/diagonal-1000000x7", () => makeDiagonal(1_000_000)),
  part("gaussian-matrix", "gaussianLogDensity/matrix-100000x7x7", () => makeMatrix(100_000)),
];

function part(name: string, id: string, make: () => GaussianProblem): Part {
  return {
    name,
    ids: [id],
    make: () => {
      const problem = make();
      return { problem, cases: [caseOf(problem, id)] };
    },
  };
}

function caseOf(problem: GaussianProblem, id: string): Case {
  const { rows, dimensions: d, form, want } = problem;
  const values = rows * (form === "diagonal" ? d + 1 : d * d + d + 1);
  const shape = form === "diagonal" ? `diagonal, [${rows} × ${d}]` : `a covariance a row, [${rows} × ${d} × ${d}]`;
  return {
    id,
    task: "gaussianLogDensity",
    title: `gaussianLogDensity, ${shape}`,
    work: { unit: "GB/s", amount: 4 * values, ceiling: "read" },
    judge: ([got = []]) => ({ error: want.reduce((worst, value, row) => larger(worst, errorOf(got[row], value)), 0) }),
  };
}

/** Points near a mean, and a standard deviation a coordinate. */
export function makeDiagonal(rows: number): GaussianProblem {
  const d = DIMENSIONS;
  const x = bellShaped(rows * d, 1.2, 11);
  const mean = [...bellShaped(d, 0.2, 12)];
  const random = uniforms(13);
  const std = Array.from({ length: d }, () => Math.fround(0.75 + random() / 2));
  const level = std.reduce((sum, value) => sum + Math.log(value), 0) + (d / 2) * Math.log(2 * Math.PI);
  const want = Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let c = 0; c < d; c++) {
      const z = ((x[row * d + c] as number) - (mean[c] as number)) / (std[c] as number);
      sum += z * z;
    }
    return -0.5 * sum - level;
  });
  return {
    group: "gaussian",
    form: "diagonal",
    rows,
    dimensions: d,
    x,
    mean,
    std,
    covariance: new Float32Array(),
    want,
  };
}

/** Points near 0, each with the covariance I + v vᵀ / 4, v a vector of its own. */
export function makeMatrix(rows: number): GaussianProblem {
  const d = DIMENSIONS;
  const x = bellShaped(rows * d, 1, 21);
  const random = uniforms(22);
  const covariance = new Float32Array(rows * d * d);
  const want = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const v = Array.from({ length: d }, () => 2 * random() - 1);
    const matrix = covariance.subarray(row * d * d, (row + 1) * d * d);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) matrix[i * d + j] = (i === j ? 1 : 0) + 0.25 * (v[i] as number) * (v[j] as number);
    }
    want[row] = logDensity(x.subarray(row * d, (row + 1) * d), matrix, d);
  }
  const mean = new Array<number>(d).fill(0);
  return { group: "gaussian", form: "matrix", rows, dimensions: d, x, mean, std: [], covariance, want };
}

/** The log-density of the matrix as it is in f32, by Cholesky's factor and a solve in f64. */
function logDensity(x: Float32Array, matrix: Float32Array, d: number): number {
  const factor = new Float64Array(d * d);
  let result = -(d / 2) * Math.log(2 * Math.PI);
  const z = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let rest = x[i] as number;
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * d + j] as number;
      for (let k = 0; k < j; k++) sum -= (factor[i * d + k] as number) * (factor[j * d + k] as number);
      factor[i * d + j] = i === j ? Math.sqrt(sum) : sum / (factor[j * d + j] as number);
      if (j < i) rest -= (factor[i * d + j] as number) * (z[j] as number);
    }
    const pivot = factor[i * d + i] as number;
    z[i] = rest / pivot;
    result -= 0.5 * (z[i] as number) ** 2 + Math.log(pivot);
  }
  return result;
}

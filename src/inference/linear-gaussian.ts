import { InputError } from "../core/errors.ts";
import { checkFinite, checkNamesOf, shown } from "../core/options.ts";
import { checkScale, listOf } from "../distributions/checks.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { type MultivariateNormal, multivariateNormal } from "../distributions/families/multivariate-normal.ts";
import { type Normal, normal } from "../distributions/families/normal.ts";
import { LOG_2PI } from "../distributions/formulas.ts";
import { type Gaussian, klOfGaussians } from "../divergences/closed/gaussians.ts";
import { parameter } from "../expression/trace.ts";
import type { Traced } from "../expression/traced.ts";
import { type Matrix, solveLower } from "../linear-algebra/cholesky.ts";
import { dot, lowerOf, solveUpper, sumOfSquares, times, transposed, triangular } from "../linear-algebra/matrices.ts";
import { gaussianOf } from "./gaussian.ts";
import type { LatentModel } from "./latent-model.ts";

/** What a latent may be drawn from. */
export type GaussianPrior = Normal | MultivariateNormal;

export interface LinearGaussianOptions<G extends GaussianPrior> {
  /** Of the latent z: `normal` for a number, `multivariateNormal` for d of them. */
  readonly prior: G;
  /** W: a row of d numbers for each observed number, or all m·d row by row. */
  readonly weights: ArrayLike<ArrayLike<number>> | ArrayLike<number>;
  /** b, of each observed number; 0 by default. */
  readonly bias?: ArrayLike<number>;
  /** Standard deviation of the noise: one for all, or of each observed number. */
  readonly noise: number | ArrayLike<number>;
  /** x, the m numbers that were observed. */
  readonly observation: ArrayLike<number>;
}

/** What an ELBO is made of, in nats. */
export interface ExactElbo {
  /** E_q[log p(x|z)] */
  readonly reconstruction: number;
  /** KL(q‖prior) */
  readonly kl: number;
  /** reconstruction - β kl */
  readonly elbo: number;
  /** log p(x) */
  readonly logEvidence: number;
  /** log p(x) less the ELBO with β = 1. */
  readonly gap: number;
  /** KL(q‖posterior), which the gap is equal to. */
  readonly klPosterior: number;
}

/** A model of a latent and an observation of which everything is known in closed form. */
export interface LinearGaussian<G extends GaussianPrior = GaussianPrior> extends LatentModel {
  readonly name: "linearGaussian";
  readonly prior: G;
  readonly parameters: Readonly<Record<string, number>>;
  /** p(z|x), exact. */
  readonly posterior: G;
  /** log p(x) in nats, exact. */
  readonly logEvidence: number;
  /** E_q[log p(x|z)] of a Gaussian q in nats, in closed form. */
  expectedLogLikelihood(q: Distribution): number;
  /** The ELBO of a Gaussian q and its parts in closed form. */
  exactElbo(q: Distribution, beta?: number): ExactElbo;
}

const WHERE = "linearGaussian";

/**
 * The model z ~ prior, x = W z + b + noise, all Gaussian: its evidence p(x) = N(x; W m + b, W Σ Wᵀ + D) and its posterior p(z|x) are
 * known (C. M. Bishop, Pattern Recognition and Machine Learning, section 2.3.3), so every bound can be held against the truth.
 *
 * `logLikelihood` is log p(x|z) as a function of z for `expectation` and its kin, together with `parameters`; other numbers of the
 * same sizes need no new shader, however many numbers were observed; of z it takes 16 coordinates at most. All else is f64.
 *
 * @throws InputError for sizes that do not fit, numbers that are not finite, noise that is not positive
 */
export function linearGaussian<G extends GaussianPrior>(options: LinearGaussianOptions<G>): LinearGaussian<G> {
  checkNamesOf(options, ["prior", "weights", "bias", "noise", "observation"], WHERE);
  const { prior } = options;
  const before = gaussianOf(prior, "prior", WHERE);
  const size = before.mean.length;
  const likelihood = likelihoodOf(options, size);
  const { logEvidence, ...after } = posteriorOf(likelihood, before);
  const posterior = distributionOf(after, prior);
  return Object.freeze({
    name: WHERE,
    prior,
    ...formulaOf(likelihood),
    posterior,
    logEvidence,
    expectedLogLikelihood: (q: Distribution) =>
      expected(likelihood, gaussianOf(q, "q", `${WHERE}.expectedLogLikelihood`, size)),
    exactElbo(q: Distribution, beta = 1): ExactElbo {
      const where = `${WHERE}.exactElbo`;
      const own = gaussianOf(q, "q", where, size);
      const reconstruction = expected(likelihood, own);
      const kl = klOfGaussians(own, before);
      return {
        reconstruction,
        kl,
        elbo: reconstruction - checkFinite(beta, where, "beta") * kl,
        logEvidence,
        gap: logEvidence - (reconstruction - kl),
        klPosterior: klOfGaussians(own, after),
      };
    },
  });
}

/** A Gaussian as a distribution of the prior's kind. */
function distributionOf<G extends GaussianPrior>({ mean, scaleTril }: Gaussian, prior: G): G {
  const made: GaussianPrior =
    prior.name === "normal"
      ? normal(mean[0] ?? Number.NaN, scaleTril[0]?.[0] ?? Number.NaN)
      : multivariateNormal({ mean, scaleTril });
  return made as G;
}

/** log p(x|z) = constant - |target - weights z|² / 2: no more rows than z has coordinates, however many numbers were observed. */
interface Likelihood {
  readonly weights: Matrix;
  readonly target: readonly number[];
  readonly constant: number;
}

function likelihoodOf(options: LinearGaussianOptions<GaussianPrior>, size: number): Likelihood {
  const observation = numbersOf(options.observation, "observation", undefined);
  const count = observation.length;
  const bias = options.bias === undefined ? new Array<number>(count).fill(0) : numbersOf(options.bias, "bias", count);
  const noise =
    typeof options.noise === "number"
      ? new Array<number>(count).fill(options.noise)
      : numbersOf(options.noise, "noise", count);
  noise.forEach((std, i) => {
    checkScale(std, typeof options.noise === "number" ? "noise" : `noise[${i}]`, WHERE);
  });
  const rows = weightsOf(options.weights, count, size).map((row, i) =>
    [...row, (observation[i] ?? 0) - (bias[i] ?? 0)].map((value) => value / (noise[i] ?? 1)),
  );
  const small = triangular(rows);
  const unexplained = small[size]?.[size] ?? 0;
  const logScale = noise.reduce((sum, std) => sum + Math.log(std), 0) + (count * LOG_2PI) / 2;
  return {
    weights: small.slice(0, size).map((row) => row.slice(0, size)),
    target: small.slice(0, size).map((row) => row[size] ?? 0),
    constant: -logScale - unexplained ** 2 / 2,
  };
}

/**
 * With z = m + L u, log p(x, u) is a constant less half of |target - weights (m + L u)|² + |u|²: one least squares problem, whose
 * triangle R is the root of u's precision, and whose misfit is the evidence's.
 */
function posteriorOf({ weights, target, constant }: Likelihood, prior: Gaussian): Gaussian & { logEvidence: number } {
  const { mean, scaleTril } = prior;
  const size = mean.length;
  const rest = target.map((value, i) => value - dot(weights[i] ?? [], mean));
  const likely = times(weights, scaleTril).map((row, i) => [...row, rest[i] ?? 0]);
  const near = mean.map((_, i) => [...mean.map((__, j) => (i === j ? 1 : 0)), 0]);
  const solved = triangular([...likely, ...near]);
  const upper = solved.slice(0, size).map((row) => row.slice(0, size));
  const u = solveUpper(
    upper,
    solved.slice(0, size).map((row) => row[size] ?? 0),
  );
  const misfit = solved[size]?.[size] ?? 0;
  const logScale = upper.reduce((sum, row, i) => sum + Math.log(Math.abs(row[i] ?? 0)), 0);
  const transpose = transposed(upper);
  return {
    mean: mean.map((m, i) => m + dot(scaleTril[i] ?? [], u)),
    // L R⁻¹ is a root of the covariance, row by row.
    scaleTril: lowerOf(scaleTril.map((row) => solveLower(transpose, row))),
    logEvidence: constant - misfit ** 2 / 2 - logScale,
  };
}

function expected({ weights, target, constant }: Likelihood, { mean, scaleTril }: Gaussian): number {
  const off = target.map((value, i) => value - dot(weights[i] ?? [], mean));
  const spread = times(weights, scaleTril).reduce((sum, row) => sum + sumOfSquares(row), 0);
  return constant - (sumOfSquares(off) + spread) / 2;
}

function formulaOf({ weights, target, constant }: Likelihood): Required<Omit<LatentModel, "prior">> {
  const parameters: Record<string, number> = {};
  const named = (name: string, value: number) => {
    parameters[name] = value;
    return parameter(name);
  };
  const offset = named("logLikelihood_constant", constant);
  const rows = weights.map((row, i) => ({
    target: named(`target_${i}`, target[i] ?? 0),
    // Below the diagonal there is nothing.
    weights: row.map((value, j) => (j >= i ? named(`weight_${i}_${j}`, value) : undefined)),
  }));
  const logLikelihood = (given: Traced & readonly Traced[]) => {
    const z: readonly Traced[] = Array.isArray(given) ? given : [given];
    let sum = offset;
    for (const row of rows) {
      let off = row.target;
      row.weights.forEach((weight, j) => {
        if (weight && z[j]) off = off.sub(weight.mul(z[j]));
      });
      sum = sum.sub(off.mul(off).mul(0.5));
    }
    return sum;
  };
  return { logLikelihood, parameters: Object.freeze(parameters) };
}

function numbersOf(values: ArrayLike<number>, name: string, count: number | undefined): readonly number[] {
  const list = listOf(values, name, WHERE);
  if (count !== undefined && list.length !== count) {
    throw new InputError(`${WHERE}: ${name} must have ${count} numbers as observation has, got ${list.length}`);
  }
  list.forEach((value, i) => {
    checkFinite(value, WHERE, `${name}[${i}]`);
  });
  return list;
}

function weightsOf(given: LinearGaussianOptions<GaussianPrior>["weights"], rows: number, columns: number): Matrix {
  const items = listOf<ArrayLike<number> | number>(given, "weights", WHERE);
  const flat = items.length === rows * columns && items.every((item) => typeof item === "number");
  if (!flat && items.length !== rows) {
    throw new InputError(
      `${WHERE}: weights must be ${rows} rows of ${columns}, an observation each, got ${items.length} items`,
    );
  }
  return Array.from({ length: rows }, (_, i) => {
    const row = flat ? items.slice(i * columns, (i + 1) * columns) : items[i];
    const isList = typeof row === "object" && row !== null;
    if (!isList || row.length !== columns) {
      const got = isList ? `${row.length}` : shown(row);
      throw new InputError(`${WHERE}: weights[${i}] must be ${columns} numbers, one a coordinate of z, got ${got}`);
    }
    return Array.from(row as ArrayLike<number>, (value, j) => checkFinite(value, WHERE, `weights[${i}][${j}]`));
  });
}

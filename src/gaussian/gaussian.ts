import { InputError } from "../core/errors.ts";
import { checkNamesOf, shown } from "../core/options.ts";
import { callable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { floats } from "../engine/operand.ts";
import type { Machine, Output, Pass, Plan, PlanOf } from "../engine/plan.ts";
import { definePlan } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkTensor } from "../engine/tensor-checks.ts";
import type { GaussianOutputs, GradientName } from "./bindings.ts";
import { planDiagonal } from "./diagonal.ts";
import { planMatrix } from "./matrix.ts";
import { isBetweenFloats, onOffsets, planOffsets } from "./offsets.ts";
import { type GaussianParameters, type Parameter, type ReadGaussian, readGaussian, tensorsOf } from "./options.ts";
import { planSums } from "./sums.ts";

const cpu = cpuWork(() => import("./cpu/gaussian.ts"));

/** Which gradients to compute, and whether to add them up. */
export interface GaussianGradientOptions {
  /** Default: all that there are, of x, mean and (with `std` or `variance`) std. */
  readonly gradients?: readonly GradientName[] | undefined;
  /**
   * "none" (default): of each row's own log-density, shape of x. "sum": of the sum over rows with respect to the mean and std
   * that all rows share, `[d]`; x keeps its shape.
   */
  readonly reduce?: "none" | "sum" | undefined;
}

/** Log-densities, and what was asked for of their gradients. */
export interface GaussianGradient {
  readonly logDensity: Tensor;
  readonly gradient: { readonly [name in GradientName]?: Tensor };
}

/**
 * Log-density of each row of x under a Gaussian: -½ (x - μ)ᵀ Σ⁻¹ (x - μ) - ½ log |Σ| - d/2 log 2π.
 *
 * @param x - f32 `[..., d]`
 * @param parameters - the mean, and one of std, variance, covariance and scaleTril; each `[d]` (matrices `[d, d]`) for all
 * rows or one a row; in tensors, or on the host, where matrices are factorised in f64
 * @returns f32 `[...]` in nats
 * @throws InputError for shapes that do not fit, a std or variance outside 2^-126 to 2^126, or a covariance that is not
 * symmetric (1e-6); NotPositiveDefiniteError; IllConditionedError where the condition number of Σ times 2^-24 exceeds 1e-2.
 * For parameters in GPU buffers all of these at the next read, naming the row; there the condition number is estimated in
 * f32, and what is close to singular may count as either.
 *
 * NaN gives NaN, ±Inf gives -Inf. Error, relative to the sum of its terms' sizes (½ q, Σ |log L_ii|, d/2 log 2π): below 1e-5
 * for std and variance, cond(Σ) · 2^-22 for matrices, of which at most 64 × 64.
 */
export const gaussianLogDensity = callable(
  (encoder, x: Tensor, parameters: GaussianParameters): Tensor =>
    run(encoder, x, parameters, checkGaussian(x, parameters, "gaussianLogDensity"), { root: false, gradients: [] }).y,
  (machine) => preparations("gaussianLogDensity", machine),
);

/**
 * Mahalanobis distance of each row of x from the mean: sqrt((x - μ)ᵀ Σ⁻¹ (x - μ)).
 *
 * @param x - f32 `[..., d]`
 * @param parameters - as of `gaussianLogDensity`
 * @returns f32 `[...]`
 * @throws as `gaussianLogDensity`
 *
 * NaN gives NaN, ±Inf gives +Inf.
 */
export const mahalanobis = callable(
  (encoder, x: Tensor, parameters: GaussianParameters): Tensor =>
    run(encoder, x, parameters, checkGaussian(x, parameters, "mahalanobis"), { root: true, gradients: [] }).y,
  (machine) => preparations("mahalanobis", machine),
);

/**
 * The log-density of `gaussianLogDensity` and its gradients: with respect to x -Σ⁻¹ (x - μ), to the mean Σ⁻¹ (x - μ), to
 * std (z² - 1) / std, z = (x - μ) / std.
 *
 * @param options - which gradients, and whether those of parameters are summed over rows
 * @returns `logDensity`, f32 `[...]`, and `gradient`, whose tensors have x's shape, or `[d]` where summed
 * @throws as `gaussianLogDensity`; InputError for a gradient with respect to std of a matrix, or a sum over rows of
 * parameters that each row has its own of
 *
 * Where a value of a row is not finite, so are its gradients: for matrices all of them NaN.
 */
export const gaussianLogDensityWithGradient = callable(
  (encoder, x: Tensor, parameters: GaussianParameters, options: GaussianGradientOptions = {}): GaussianGradient => {
    const where = "gaussianLogDensityWithGradient";
    checkTensor(x, x, "x", where);
    checkNamesOf(options, ["gradients", "reduce"], where);
    const read = readGaussian(x, parameters, where);
    const { y, ...gradients } = run(encoder, x, parameters, read, readGradients(read, options));
    const named = Object.entries(gradients).map(([name, tensor]) => [name.slice(2), tensor]);
    return { logDensity: y, gradient: Object.fromEntries(named) as GaussianGradient["gradient"] };
  },
  (machine) => preparations("gaussianLogDensityWithGradient", machine),
);

type Name = "gaussianLogDensity" | "mahalanobis" | "gaussianLogDensityWithGradient";

/** Which results a call gives; of `summed` gradients, one sum over all rows instead of a value a row. */
interface GaussianRequest extends GaussianOutputs {
  readonly summed?: readonly GradientName[];
}

function checkGaussian(x: Tensor, parameters: GaussianParameters, where: Name): ReadGaussian {
  checkTensor(x, x, "x", where);
  return readGaussian(x, parameters, where);
}

function run(
  encoder: GPUCommandEncoder | undefined,
  x: Tensor,
  parameters: GaussianParameters,
  read: ReadGaussian,
  asked: GaussianRequest,
): Record<"y", Tensor> & Record<string, Tensor> {
  const inputs = tensorsOf(x, parameters, read.name);
  for (const [name, tensor] of Object.entries(inputs)) {
    checkTensor(tensor, x, name === "spread" ? read.name : name, read.where);
  }
  return x.engine.run(planGaussian(read, asked, x.engine.machine), inputs, { encoder });
}

function readGradients(
  { where, name, mean, spread }: ReadGaussian,
  { gradients, reduce = "none" }: GaussianGradientOptions,
): GaussianRequest {
  const diagonal = name === "std" || name === "variance";
  const known: readonly GradientName[] = diagonal ? ["x", "mean", "std"] : ["x", "mean"];
  const chosen = gradients === undefined ? known : gradients;
  const isList = Array.isArray(chosen);
  const bad = isList ? chosen.findIndex((one) => !known.includes(one)) : -1;
  if (!isList || bad >= 0) {
    throw new InputError(
      `${where}: gradients must be of ${known.map((one) => JSON.stringify(one)).join(", ")} with ${name}, got ${shown(isList ? chosen[bad] : chosen)}`,
    );
  }
  if (reduce !== "none" && reduce !== "sum") {
    throw new InputError(`${where}: reduce must be "none" or "sum", got ${shown(reduce)}`);
  }
  const summed = reduce === "sum" ? chosen.filter((one) => one !== "x") : [];
  for (const one of summed) {
    if (!(one === "mean" ? mean : spread).perRow) continue;
    throw new InputError(`${where}: reduce "sum" needs a ${one} that all rows share, got one a row`);
  }
  return { root: false, gradients: known.filter((one) => chosen.includes(one)), summed };
}

/** Everything a call does; `read` is what `readGaussian` made of its data. */
export function planGaussian(read: ReadGaussian, asked: GaussianRequest, machine: Machine): PlanOf<"y"> {
  const { where, x, rows, dimension, name } = read;
  const diagonal = name === "std" || name === "variance";
  // Kernels take means as f32 numbers: of one between them the differences from x come first.
  const betweenFloats = isBetweenFloats(read);
  const offsets = betweenFloats ? planOffsets(read, machine) : undefined;
  const used = betweenFloats
    ? { ...read, x: { ...x, byteOffset: 0 }, mean: { ...read.mean, values: new Float64Array(dimension) } }
    : read;
  const work = (diagonal ? planDiagonal : planMatrix)(used, asked, machine);
  const outputs: Record<string, Output> = { y: floats(x.shape.slice(0, -1)) };
  const scratch: Record<string, number> = { ...work.scratch, ...offsets?.scratch };
  const passes: Pass[] = offsets ? [...offsets.passes, ...work.passes.map(onOffsets)] : [...work.passes];
  const known: Record<string, Float32Array> = {};
  for (const one of asked.gradients) {
    if (!asked.summed?.includes(one)) {
      outputs[`by${one}`] = floats(x.shape);
      continue;
    }
    outputs[`of${one}`] = floats([dimension]);
    scratch[`by${one}`] = 4 * rows * dimension;
    if (rows === 0) known[`of${one}`] = new Float32Array(dimension);
    else {
      const to = `of${one}`;
      const sums = planSums({ from: `by${one}`, to, rows, columns: dimension, scale: 1 }, machine, where);
      passes.push(...sums.passes);
      Object.assign(scratch, sums.scratch);
    }
  }
  return definePlan({
    name: where,
    outputs: outputs as PlanOf<"y">["outputs"],
    scratch,
    uploads: { ...work.uploads, ...offsets?.uploads },
    clears: ["faults"],
    checks: work.checks,
    known,
    passes,
    cpu: cpu({ ...referenceOf(read, asked), betweenFloats }),
  });
}

/** A call's rows and parameters in f64; values that the host has and all rows share are as they were given. */
export interface GaussianReference {
  readonly rows: number;
  readonly dimension: number;
  readonly name: ReadGaussian["name"];
  readonly mean: ReferenceParameter;
  readonly spread: ReferenceParameter;
  readonly root: boolean;
  readonly gradients: readonly GradientName[];
  readonly summed: readonly GradientName[];
  /** The mean lies between f32 numbers: the reference alone has it. */
  readonly betweenFloats: boolean;
}

interface ReferenceParameter {
  readonly perRow: boolean;
  readonly values?: readonly number[];
}

function referenceOf(
  { rows, dimension, name, mean, spread }: ReadGaussian,
  asked: GaussianRequest,
): Omit<GaussianReference, "betweenFloats"> {
  const plain = ({ perRow, values }: Parameter) => (perRow || !values ? { perRow } : { perRow, values: [...values] });
  return {
    rows,
    dimension,
    // What the host has of each row's own matrix is uploaded as its factor.
    name: name === "covariance" && spread.perRow && spread.values ? "scaleTril" : name,
    mean: plain(mean),
    spread: plain(spread),
    root: asked.root,
    gradients: asked.gradients,
    summed: asked.summed ?? [],
  };
}

/** Shapes and parameters that between them use the kernels most called for. */
function preparations(where: Name, machine: Machine): readonly Plan[] {
  const gradients: readonly GradientName[] = where === "gaussianLogDensityWithGradient" ? ["x", "mean"] : [];
  const asked = { root: where === "mahalanobis", gradients };
  return [
    [1_026, 7],
    [64, 32],
  ].flatMap(([rows = 0, d = 0]) => {
    const x = floats([rows, d]);
    const own = [
      { std: floats([d]) },
      { std: floats([rows, d]) },
      { covariance: floats([d, d]) },
      { covariance: floats([rows, d, d]) },
      { scaleTril: floats([rows, d, d]) },
    ];
    return own.map((spread) => {
      const parameters = { mean: floats([d]), ...spread } as unknown as GaussianParameters;
      return planGaussian(readGaussian(x, parameters, where), asked, machine);
    });
  });
}

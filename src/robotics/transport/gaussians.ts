import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import type { Distribution, Point } from "../../distributions/distribution.ts";
import type { Independent } from "../../distributions/families/independent.ts";
import type { ScalarMixture, VectorMixture } from "../../distributions/families/mixture.ts";
import type { MultivariateNormal } from "../../distributions/families/multivariate-normal.ts";
import { isDistribution } from "../../distributions/parts.ts";
import type { Matrix } from "../../linear-algebra/cholesky.ts";
import { eigenOf, isDiagonal } from "../../linear-algebra/eigen.ts";

/** What particles can be carried to: a mixture of Gaussians, or one Gaussian. */
export type GaussianMixture = ScalarMixture | VectorMixture | Distribution;

/** A component in its own axes: row j of `axes` is the unit eigenvector of the variance `variances[j]`. */
export interface Gaussian {
  readonly weight: number;
  readonly mean: readonly number[];
  readonly covariance: Matrix;
  readonly variances: readonly number[];
  /** axes · mean */
  readonly meanAlong: readonly number[];
  readonly axes: Matrix;
}

/** A target as a weighted sum of Gaussians along their principal axes. */
export interface Gaussians {
  readonly size: number;
  readonly components: readonly Gaussian[];
  /** Whether some component's axes are not the coordinates'. */
  readonly rotated: boolean;
}

/** Coordinates of a particle that a kernel can hold in registers, and flag in a word. */
const MOST_COORDINATES = 32;

/** Loops of one step in one invocation; lavapipe stops silently at 65,535. */
const MOST_TRIPS = 32_768;

/** Standard deviations and means beyond these have squares that f32 cannot tell apart. */
const LEAST_STD = 1e-6;
const LARGEST = 1e6;

/**
 * Reads a mixture of normal or multivariateNormal components (or of `independent` ones), or one such distribution.
 *
 * @throws InputError for other targets, naming the component
 */
export function gaussiansOf(target: GaussianMixture, where: string): Gaussians {
  const { weights, components } = componentsOf(target, where);
  const kept = components.flatMap((component, k) => {
    const weight = weights[k] ?? 0;
    return weight > 0 ? [gaussianOf(component, weight, `component ${k} of the target`, where)] : [];
  });
  const size = kept[0]?.mean.length ?? 0;
  if (size > MOST_COORDINATES) {
    throw new InputError(`${where}: the target must have at most ${MOST_COORDINATES} coordinates, got ${size}`);
  }
  const rotated = kept.some(({ covariance }) => !isDiagonal(covariance));
  const gaussians = { size, components: kept, rotated };
  if (tripsOf(gaussians) > MOST_TRIPS) {
    const kind = rotated ? " with full covariances" : "";
    throw new InputError(
      `${where}: a target of ${kept.length} components in ${size} coordinates${kind} is too large for one step; ` +
        `needed at most ${Math.floor((MOST_TRIPS - 2 * size) / tripsOfComponent(gaussians))} components`,
    );
  }
  return gaussians;
}

/** Trips through loops that a step takes a quad of particles. */
export function tripsOf(gaussians: Gaussians): number {
  return gaussians.components.length * tripsOfComponent(gaussians) + 4 * gaussians.size;
}

function tripsOfComponent({ size, rotated }: Gaussians): number {
  return 1 + 2 * size + (rotated ? 2 * size * size : 0);
}

/** A mixture of Gaussians by its components; a Gaussian has one. */
interface WeightedComponents {
  readonly weights: readonly number[];
  readonly components: readonly Distribution[];
}

function componentsOf(target: GaussianMixture, where: string): WeightedComponents {
  const name = isDistribution(target) ? target.name : undefined;
  if (name === "mixture") return target as VectorMixture;
  if (name === "normal" || name === "multivariateNormal" || name === "independent") {
    return { weights: [1], components: [target] };
  }
  throw new InputError(`${where}: the target must be a mixture of Gaussians, got ${name ?? shown(target)}`);
}

function gaussianOf(component: Distribution, weight: number, name: string, where: string): Gaussian {
  const mean = listOf(component.mean);
  const covariance = covarianceOf(component, name, where);
  const plain = isDiagonal(covariance);
  const { values: variances, vectors: axes } = plain
    ? { values: covariance.map((row, i) => row[i] as number), vectors: identity(mean.length) }
    : eigenOf(covariance);
  const far = mean.findIndex((value) => !(Math.abs(value) <= LARGEST));
  if (far >= 0) {
    throw new InputError(`${where}: the means must be from ${-LARGEST} to ${LARGEST}, got ${mean[far]} in ${name}`);
  }
  const bad = variances.find((value) => !(value >= LEAST_STD ** 2 && value <= LARGEST ** 2));
  if (bad !== undefined) {
    throw new InputError(
      `${where}: the standard deviations along each axis must be from ${LEAST_STD} to ${LARGEST}, got ${Math.sqrt(bad)} in ${name}`,
    );
  }
  return { weight, mean, covariance, variances, meanAlong: axes.map((axis) => dot(axis, mean)), axes };
}

function covarianceOf(component: Distribution, name: string, where: string): Matrix {
  if (component.name === "normal") return [[component.variance as number]];
  if (component.name === "multivariateNormal") return (component as MultivariateNormal).covariance;
  if (component.name === "independent") {
    const blocks = (component as Independent).distributions.map((part) => covarianceOf(part, name, where));
    return blockDiagonal(blocks);
  }
  throw new InputError(`${where}: the target must be a mixture of Gaussians, got ${component.name} as ${name}`);
}

function blockDiagonal(blocks: readonly Matrix[]): Matrix {
  const size = blocks.reduce((sum, block) => sum + block.length, 0);
  let start = 0;
  return blocks.flatMap((block) => {
    const before = start;
    start += block.length;
    return block.map((row) => {
      const whole = new Array<number>(size).fill(0);
      row.forEach((value, j) => {
        whole[before + j] = value;
      });
      return whole;
    });
  });
}

function identity(size: number): Matrix {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
}

function listOf(point: Point): readonly number[] {
  return typeof point === "number" ? [point] : point;
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);
}

import { InputError } from "../../core/errors.ts";
import { dot, type GaussianMixture, type Gaussians, gaussiansOf } from "./gaussians.ts";

/** A target whose components differ along one line only, and so is one-dimensional there. */
export interface Line {
  /** A unit vector. */
  readonly direction: readonly number[];
  /** The target along it. */
  readonly gaussians: Gaussians;
  /** Whether the line is a coordinate's, so that clipping coordinates clips along it. */
  readonly aligned: boolean;
}

/**
 * The line along which a mixture's components differ: a coordinate if they are diagonal and differ in one mean and standard
 * deviation, or the line of the means if all have the same standard deviation in every direction.
 *
 * Responsibilities then depend on the place along the line alone, and so does the way of a particle along it.
 *
 * @throws InputError for mixtures that differ in more ways
 */
export function lineOf(target: GaussianMixture, where: string): Line {
  const gaussians = gaussiansOf(target, where);
  const { size, components, rotated } = gaussians;
  const [first] = components;
  if (!first) throw new InputError(`${where}: the target must have a component`);
  const along = (direction: readonly number[], aligned: boolean): Line => {
    const parts = components.map(({ weight, mean, covariance }) => {
      const place = dot(direction, mean);
      const variance = direction.reduce((sum, value, i) => sum + value * dot(direction, covariance[i] ?? []), 0);
      const own = { mean: [place], covariance: [[variance]], variances: [variance], meanAlong: [place], axes: [[1]] };
      return { weight, ...own };
    });
    return { direction, gaussians: { size: 1, components: parts, rotated: false }, aligned };
  };
  const unit = (c: number) => Array.from({ length: size }, (_, i) => (i === c ? 1 : 0));
  if (!rotated) {
    const differing = first.mean.flatMap((mean, c) =>
      components.some((other) => other.mean[c] !== mean || other.variances[c] !== first.variances[c]) ? [c] : [],
    );
    if (differing.length <= 1) return along(unit(differing[0] ?? 0), true);
    const round = components.every(({ variances }) => variances.every((variance) => variance === first.variances[0]));
    const direction = round ? lineThrough(components.map(({ mean }) => mean)) : undefined;
    if (direction) return along(direction, false);
  }
  throw new InputError(
    `${where}: the components must differ in one coordinate only, or have one standard deviation in all directions and means on one line`,
  );
}

/** The direction of the line that all of these points are on, if there is one. */
function lineThrough(points: readonly (readonly number[])[]): readonly number[] | undefined {
  const [origin = []] = points;
  const ways = points.map((point) => point.map((value, i) => value - (origin[i] as number)));
  const longest = ways.reduce((best, way) => (dot(way, way) > dot(best, best) ? way : best));
  const length = Math.sqrt(dot(longest, longest));
  const direction = longest.map((value) => value / length);
  const beside = ways.map((way) => {
    const share = dot(way, direction);
    return Math.hypot(...way.map((value, i) => value - share * (direction[i] as number)));
  });
  return beside.every((distance) => distance <= 1e-9 * length) ? direction : undefined;
}

import { mixture, multivariateNormal } from "../../distributions/index.ts";
import type { Operand } from "../../engine/plan.ts";
import type { GaussianMixture } from "./gaussians.ts";

// What `engine.prepare` compiles for: kernels differ by the number of coordinates.

const SIZE = 7;

/** A target for `prepare`: two modes of an action of seven numbers. */
export function typicalTarget(): GaussianMixture {
  const std = new Array<number>(SIZE).fill(0.1);
  return mixture(
    [0.5, 0.5],
    [-0.5, 0.5].map((place) => multivariateNormal({ mean: std.map(() => place), std })),
  );
}

/** Points for `prepare`: four of as many dimensions as `typicalTarget` has. */
export function typicalPoints(): Operand {
  return { shape: [4, SIZE], dtype: "f32", byteOffset: 0 };
}

import {
  affine,
  gamma,
  independent,
  multivariateNormal,
  type Normal,
  normal,
  type VectorDistribution,
} from "../../../../src/index.ts";
import { marginals, ofVectors, type Projection, wrongly } from "../description.ts";

const correlated = multivariateNormal({
  mean: [1, -2, 0.5],
  covariance: [
    [2, 0.6, -0.4],
    [0.6, 1.5, 0.3],
    [-0.4, 0.3, 1],
  ],
});
const image = affine(
  correlated,
  [
    [1, 2, -1],
    [0.5, 0, 3],
  ],
  [0.25, -1],
);

export default ofVectors({
  name: "multivariateNormal",
  draw: (r) =>
    multivariateNormal({
      mean: r.list(3, () => r.location()),
      scaleTril: r.list(3, (i) => r.list(3, (j) => (j > i ? 0 : j === i ? r.size() : r.location()))),
    }),
  sampled: [
    [correlated, [...coordinates(correlated), projected(correlated, [1, -2, 0.5])]],
    [image, [...coordinates(image), projected(image, [1, -1])]],
  ],
  modes: [[multivariateNormal({ mean: [1, 2], std: [1, 1] }), [1, 2]]],
  refusals: [
    [
      () => multivariateNormal({ mean: [0] }),
      "multivariateNormal: needed one of std, variance, covariance and scaleTril, got none",
    ],
    [
      () => multivariateNormal({ mean: [0], std: [1], variance: [1] }),
      "multivariateNormal: needed one of std, variance, covariance and scaleTril, got std and variance",
    ],
    [
      () => multivariateNormal({ mean: [0, 0], std: [1] }),
      "multivariateNormal: std must have 2 numbers as mean has, got 1",
    ],
    [
      () =>
        multivariateNormal({
          mean: [0, 0],
          covariance: [
            [1, 2],
            [2, 1],
          ],
        }),
      "multivariateNormal: covariance must be positive definite, got pivot 1 of -3",
    ],
    [
      () =>
        multivariateNormal({
          mean: [0, 0],
          covariance: [
            [1, 0.5],
            [0.4, 1],
          ],
        }),
      "multivariateNormal: covariance must be symmetric, got 0.4 at [1, 0] and 0.5 at [0, 1]",
    ],
    [
      () => multivariateNormal({ mean: [0, 0], covariance: [[1, 0.5]] }),
      "multivariateNormal: covariance must be 2 rows of 2 numbers, got 1",
    ],
    [
      () =>
        multivariateNormal({
          mean: [0, 0],
          covariance: [
            [1, 0],
            [0, Number.NaN],
          ],
        }),
      "multivariateNormal: covariance must hold finite numbers, got NaN at [1, 1]",
    ],
    [
      () =>
        multivariateNormal({
          mean: [0, 0],
          scaleTril: [
            [1, 0.5],
            [0, 1],
          ],
        }),
      "multivariateNormal: scaleTril must be 0 above its diagonal, got 0.5 at [0, 1]",
    ],
    [
      () => multivariateNormal({ mean: [0], scaleTril: [[-1]] }),
      "multivariateNormal: scaleTril must have a positive diagonal, got -1 at [0, 0]",
    ],
    [() => affine(normal(0, 1), 0, 1), "affine: A must be a number other than 0 for a normal, got 0"],
    [
      () => affine(wrongly<Normal>(gamma(1, 1)), 1, 0),
      "affine: gaussian must be a normal or multivariateNormal, got gamma",
    ],
    [
      () => affine(wrongly<Normal>(independent([normal(0, 1)])), 1, 0),
      "affine: gaussian must be a normal or multivariateNormal, got independent",
    ],
    [
      () =>
        affine(
          multivariateNormal({ mean: [0, 0], std: [1, 1] }),
          [
            [1, 2],
            [2, 4],
          ],
          [0, 0],
        ),
      "affine: A must have full row rank, got row 1 that the rows before it make up",
    ],
    [
      () => affine(multivariateNormal({ mean: [0], std: [1] }), [[1], [2]], [0, 0]),
      "affine: b must have at most 1 numbers, as many as gaussian has coordinates, got 2",
    ],
    [
      () => affine(multivariateNormal({ mean: [0, 0], std: [1, 1] }), [[1, Number.NaN]], [0]),
      "affine: A must hold finite numbers, got NaN at [0, 1]",
    ],
    [
      () => affine(multivariateNormal({ mean: [0, 0], std: [1, 1] }), [[1]], [0]),
      "affine: A must be 1 rows, as b has, of 2 numbers, got row 0 of 1",
    ],
  ],
});

function coordinates(of: VectorDistribution): readonly Projection[] {
  return marginals(of, (k) => normal(of.mean[k] ?? 0, Math.sqrt(of.variance[k] ?? 0)));
}

function projected(of: typeof correlated, weights: readonly number[]): Projection {
  const one = affine(of, [weights], [0]);
  return { weights, is: normal(one.mean[0] ?? 0, Math.sqrt(one.variance[0] ?? 0)) };
}

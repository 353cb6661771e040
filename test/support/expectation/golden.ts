// What the scheme gives, for ever: words, arithmetic, order of additions. A change here is a new version of the scheme.

import { independent, multivariateNormal, normal, uniform } from "../../../src/index.ts";
import { type Options, standard, unit } from "./expectation.ts";

/** Mean and variance of each function, as the bits of f64. */
export interface Golden {
  readonly options: Options;
  readonly bits: readonly string[];
}

export const GOLDEN: readonly Golden[] = [
  {
    options: { of: "x", under: standard, samples: 1 },
    bits: ["3fe744a680000000", "7ff8000000000000"],
  },
  {
    options: { of: "x^2", under: standard, samples: 1_000 },
    bits: ["3ff039350645a1cb", "40000debb63d2271"],
  },
  {
    options: { of: "x^2", under: standard, samples: 200_001, seed: 42 },
    bits: ["3ff006f700e968ce", "400030d14728c924"],
  },
  {
    options: { of: "x^2", under: standard, samples: 70_000, seed: 42, stream: 7, offset: 2 ** 40 + 1 },
    bits: ["3fefc9e1bb8c9c1e", "3fffc2728f66a7b1"],
  },
  {
    options: { of: "x", under: unit, samples: 131_072, seed: 2n ** 64n - 1n },
    bits: ["3fdfffeb50000000", "3fb55a6c19216181"],
  },
  {
    options: { of: "x", under: unit, samples: 4_097, seed: 1, generator: "philox4x32-10" },
    bits: ["3fdfb6d03318ce73", "3fb4ba1746c78288"],
  },
  {
    options: { of: "exp(x) + log(1 + abs(x)) + sin(x) * tanh(x)", under: normal(0.5, 2), samples: 10_000, seed: 3 },
    bits: ["40299c0ca231f8a1", "40a48b5fab62725a"],
  },
  {
    options: {
      of: ["x[0] * x[1]", "x[2] > x[0]"],
      under: independent([standard, unit, uniform(-1, 1)]),
      samples: 10_000,
      seed: 4,
    },
    bits: ["3f41d5804ea4a800 3fe019652bd3c361", "3fd563f3d8703a40 3fd000408e8a1139"],
  },
  {
    options: {
      of: "x[0] * x[1] * x[2]",
      under: multivariateNormal({
        mean: [1, 2, 3],
        covariance: [
          [2, 1, 0],
          [1, 3, 1],
          [0, 1, 1],
        ],
      }),
      samples: 10_000,
      seed: 5,
    },
    bits: ["4024ce2be89a0275", "4074e0924dc2f64d"],
  },
  {
    options: { of: "exp(x)", under: standard, samples: 10_000, seed: 6, method: "antithetic" },
    bits: ["3ffab6291119ce07", "3ff9ad5019be467f"],
  },
  {
    options: { of: "exp(x)", under: standard, samples: 10_000, seed: 7, method: "stratified" },
    bits: ["3ffa616c465460aa", "3f6b84cea4a8c155"],
  },
  {
    options: {
      of: "exp(x[0]) * x[1]",
      under: independent([standard, unit]),
      samples: 16_384,
      seed: 8,
      method: "sobol",
    },
    bits: ["3fea6599c9000000", "3efc19af57ef0ccd"],
  },
  {
    options: { of: "exp(x)", under: standard, samples: 10_000, seed: 9, control: { of: "x", mean: 0 } },
    bits: ["3ffa92f6e3d70a3e", "4002577c0017a750"],
  },
  {
    options: { of: "x > 3", under: standard, samples: 10_000, seed: 10, proposal: normal(2.5, 1.25) },
    bits: ["3f565aacf41f212d", "3ee3da7ced297bd0"],
  },
];

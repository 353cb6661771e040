import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  crossEntropy,
  Engine,
  gaussianLogDensity,
  gaussianLogDensityWithGradient,
  gaussianNll,
  generalizedAdvantageEstimation,
  lambdaReturn,
  mahalanobis,
  normalizeAdvantages,
  SurprisalError,
  softmax,
} from "../../../src/index.ts";
import {
  dreamer,
  expectedValue,
  meanSquaredError,
  octo,
  openvla,
  pi0,
  sampleRows,
  vae,
} from "../../../src/robotics/index.ts";
import { fakeGpu } from "../../support/engine/fake-gpu.ts";
import { ROW_FUNCTIONS } from "../../support/rows/functions.ts";

/** What callers without types may pass. */
const ODD: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  1.5,
  Number.NaN,
  "x",
  "",
  true,
  1n,
  Symbol("s"),
  () => 0,
  [],
  [[]],
  [null],
  ["1"],
  [Symbol("s")],
  {},
  { length: 3 },
  { length: -1 },
  Object.create(null),
  new Date(0),
  new Float64Array(2),
  new BigInt64Array(2),
  new DataView(new ArrayBuffer(8)),
  Promise.resolve(1),
];

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ gpu: fakeGpu().gpu });
});
afterAll(() => engine.dispose());

/** A function, and arguments that it takes. */
type Example = readonly [name: string, call: (...args: never[]) => unknown, args: () => readonly unknown[]];

const x = () => engine.tensor([1, 2, 3, 4, 5, 6], [2, 3]);
const flags = () => engine.tensor(Uint32Array.of(0, 1, 0, 0, 1, 0), [2, 3]);
const three = () => engine.tensor(new Float32Array(9), [3, 3]);
const encoder = () => ({
  beginComputePass: () => ({ setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} }),
  clearBuffer() {},
  copyBufferToBuffer() {},
  finish() {},
});
const row = { temperature: 2, classes: [0, 2], mask: [true, true, false] };
const EXAMPLES: readonly Example[] = [
  ...Object.entries(ROW_FUNCTIONS).map(
    ([name, { call, args, own }]): Example => [name, call, () => [...args(x()), { ...row, ...own }]],
  ),
  ["softmax with out", softmax, () => [x(), { ...row, out: engine.tensor(new Float32Array(4), [2, 2]) }]],
  ["softmax.encode", softmax.encode, () => [encoder(), x(), row]],
  ["crossEntropy of probabilities", crossEntropy, () => [x(), new Float32Array(6), {}]],
  ["gaussianLogDensity", gaussianLogDensity, () => [x(), { mean: [0, 0, 0], std: [1, 1, 1] }]],
  [
    "mahalanobis",
    mahalanobis,
    () => [
      x(),
      {
        mean: 0,
        covariance: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
    ],
  ],
  [
    "gaussianLogDensityWithGradient",
    gaussianLogDensityWithGradient,
    () => [x(), { mean: 0, variance: 1 }, { gradients: ["x"], reduce: "none" }],
  ],
  ["gaussianNll", gaussianNll, () => [x(), [1, 2, 3, 4, 5, 6], 1, { full: true, eps: 1e-3, reduction: "sum" }]],
  [
    "generalizedAdvantageEstimation",
    generalizedAdvantageEstimation,
    () => [x(), three(), flags(), { gamma: 0.9, lambda: 0.9 }],
  ],
  ["lambdaReturn", lambdaReturn, () => [x(), x(), flags(), flags(), { discount: 0.9, lambda: 0.9 }]],
  ["normalizeAdvantages", normalizeAdvantages, () => [x(), { epsilon: 1e-3, minibatch: 3 }]],
  [
    "meanSquaredError",
    meanSquaredError,
    () => [x(), x(), { reduction: "mean", mask: [1, 1, 1, 0, 0, 0], leastShare: 0.1, scale: 2 }],
  ],
  ["expectedValue", expectedValue, () => [x(), [1, 2, 3]]],
  ["sampleRows", sampleRows, () => [x(), { seed: 1, stream: 2, offset: 3, generator: "philox4x32-10", firstClass: 1 }]],
  [
    "dreamer.latentKl",
    dreamer.latentKl,
    () => [
      engine.tensor(new Float32Array(6), [1, 2, 3]),
      engine.tensor(new Float32Array(6), [1, 2, 3]),
      { unimix: 0.1, freeNats: 0 },
    ],
  ],
  [
    "dreamer.balancedKl",
    dreamer.balancedKl,
    () => [
      engine.tensor(new Float32Array(6), [1, 2, 3]),
      engine.tensor(new Float32Array(6), [1, 2, 3]),
      { unimix: 0.1, freeNats: 0 },
    ],
  ],
  ["vae.unitGaussianKl", vae.unitGaussianKl, () => [x(), x()]],
  ["vae.reparameterize", vae.reparameterize, () => [x(), x(), x()]],
  ["octo.diffusionLoss", octo.diffusionLoss, () => [x(), x(), { mask: [1, 1, 1, 0, 0, 0], actionDim: 3 }]],
  [
    "octo.continuousLossOf",
    octo.continuousLossOf,
    () => [[1, 2], [1, 2], { kind: "mse", mask: [true, true], actionDim: 2 }],
  ],
  ["octo.cosineSchedule", octo.cosineSchedule, () => [20, 0.1]],
  [
    "octo.stepBack",
    (options: never) => octo.stepBack([1, 2], [0, 0], [0, 0], 1, octo.cosineSchedule(20), options),
    () => [{ mask: [true, false], maxAction: 3 }],
  ],
  ["pi0.timeEmbedding", pi0.timeEmbedding, () => [0.5, 8]],
  ["openvla.encode", openvla.encode, () => [0.5]],
  ["openvla.decode", openvla.decode, () => [31_800]],
  [
    "octo.lossMask",
    octo.lossMask,
    () => [
      [1, 0],
      [1, 0, 1, 1],
    ],
  ],
  ["engine.tensor", (...args: Parameters<Engine["tensor"]>) => engine.tensor(...args), () => [[1, 2], [2]]],
  [
    "engine.view",
    (...args: Parameters<Engine["view"]>) => engine.view(...args),
    () => [x().buffer, { shape: [2], dtype: "u32", byteOffset: 0 }],
  ],
  ["engine.prepare", (...args: Parameters<Engine["prepare"]>) => engine.prepare(...args), () => [[]]],
  [
    "Engine.create",
    (...args: Parameters<typeof Engine.create>) => Engine.create(...args),
    () => [{ gpu: fakeGpu().gpu, backend: "auto", powerPreference: "low-power" }],
  ],
];

/** What a call threw or was rejected with, if anything. */
async function outcome(call: Example[1], args: readonly unknown[]): Promise<unknown> {
  try {
    await (call as (...args: readonly unknown[]) => unknown)(...args);
    return undefined;
  } catch (error) {
    return error;
  }
}

function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join()}]`;
  return typeof value === "object" && value !== null ? Object.prototype.toString.call(value) : String(value);
}

describe.each(EXAMPLES)("%s", (_, call, args) => {
  test("takes its example", async () => {
    expect(await outcome(call, args())).toBeUndefined();
  });

  test("refuses odd arguments and options with errors of its own, or takes them", async () => {
    const untyped: string[] = [];
    const attempt = async (given: readonly unknown[], what: string) => {
      const error = await outcome(call, given);
      if (error !== undefined && !(error instanceof SurprisalError)) untyped.push(`${what}: ${String(error)}`);
    };
    const valid = args();
    for (const odd of ODD) {
      for (const [k, argument] of valid.entries()) {
        await attempt(valid.with(k, odd), `argument ${k} ${show(odd)}`);
        if (Object.getPrototypeOf(argument) !== Object.prototype || "beginComputePass" in (argument as object))
          continue;
        for (const name of Object.keys(argument as object)) {
          await attempt(valid.with(k, { ...(argument as object), [name]: odd }), `${name}: ${show(odd)}`);
        }
      }
    }
    expect(untyped).toEqual([]);
  });
});

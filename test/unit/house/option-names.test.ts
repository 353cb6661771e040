import { beforeAll, describe, expect, test } from "vitest";
import * as library from "../../../src/index.ts";
import * as robotics from "../../../src/robotics/index.ts";
import { ROW_FUNCTIONS } from "../../support/rows/functions.ts";

const { Engine, InputError, mixture, multivariateNormal, normal } = library;

let engine: library.Engine;

beforeAll(async () => {
  engine = await Engine.create({ backend: "cpu" });
});

/** A call whose other arguments fit, with these options. */
type Call = (options: never) => unknown;

const zeros = (...shape: number[]) =>
  engine.tensor(new Float32Array(shape.reduce((product, size) => product * size, 1)), shape);
const whole = (...shape: number[]) =>
  engine.tensor(new Uint32Array(shape.reduce((product, size) => product * size, 1)), shape);
const p = normal(0, 1);
const q = normal(1, 2);

/** Every function with options, by the name that its refusals begin with. */
const MAIN: Readonly<Record<string, Call>> = {
  "Engine.create": (options) => Engine.create(options),
  view: (options) => engine.view({} as GPUBuffer, options),
  ...Object.fromEntries(
    Object.entries(ROW_FUNCTIONS).map(([name, { call, args }]) => [
      name,
      (options: never) => call(...([...args(zeros(2, 3)), options] as never[])),
    ]),
  ),
  sequenceKl: (options) => library.sequenceKl(zeros(2, 2, 3), zeros(2, 2, 3), [0, 1, 2, 0], options),
  gaussianNll: (options) => library.gaussianNll(zeros(2, 3), zeros(2, 3), 1, options),
  gaussianLogDensity: (options) => library.gaussianLogDensity(zeros(2, 3), withMean(options)),
  mahalanobis: (options) => library.mahalanobis(zeros(2, 3), withMean(options)),
  gaussianLogDensityWithGradient: (options) =>
    library.gaussianLogDensityWithGradient(zeros(2, 3), { mean: 0, std: 1 }, options),
  generalizedAdvantageEstimation: (options) =>
    library.generalizedAdvantageEstimation(zeros(3, 2), zeros(4, 2), zeros(3, 2), options),
  lambdaReturn: (options) => library.lambdaReturn(zeros(3, 2), zeros(3, 2), zeros(3, 2), zeros(3, 2), options),
  normalizeAdvantages: (options) => library.normalizeAdvantages(zeros(4), options),
  expectation: (options) => library.expectation(engine, options),
  estimates: (options) => library.estimates(engine, options)[Symbol.asyncIterator]().next(),
  expectationGradient: (options) => library.expectationGradient(engine, options),
  gradientDraws: (options) => library.gradientDraws(options),
  varianceLadder: (options) => library.varianceLadder(engine, options),
  replicates: (options) => library.replicates(engine, options),
  sampleAt: (options) => library.sampleAt(p, options),
  "normal.sample": (options) => p.sample(engine, 2, options),
  klEstimate: (options) => library.klEstimate(engine, p, q, options),
  divergenceEstimate: (options) => library.divergenceEstimate(engine, p, q, options),
  raoBlackwellKl: (options) =>
    library.raoBlackwellKl(engine, library.independent([p, p]), library.independent([q, q]), options),
  elbo: (options) => library.elbo(engine, options),
  importanceWeightedBound: (options) => library.importanceWeightedBound(engine, options),
  linearGaussian: (options) => library.linearGaussian(options),
  fitGaussian: (options) => library.fitGaussian(engine, p, options),
  klSurface: (options) => library.klSurface(engine, p, options),
  multivariateNormal: (options) => multivariateNormal(options),
};

/** Parameters that fit but for what is added to them. */
const withMean = (options: never): never =>
  typeof options === "object" && options !== null && "nonsense" in options
    ? ({ mean: 0, std: 1, ...(options as object) } as never)
    : options;

const action = new Float64Array(7);
const target = () => mixture([0.5, 0.5], [normal(-1, 0.1), normal(1, 0.1)]);
const { dreamer, octo, openvla, pi0, rt1, rt2 } = robotics;

const ROBOTICS: Readonly<Record<string, Call>> = {
  meanSquaredError: (options) => robotics.meanSquaredError(zeros(2, 3), zeros(2, 3), options),
  sampleRows: (options) => robotics.sampleRows(zeros(2, 3), options),
  expectedModes: (options) => robotics.expectedModes(target(), options),
  flowTransport: (options) => robotics.flowTransport(engine, target(), options),
  diffusionTransport: (options) => robotics.diffusionTransport(engine, target(), options),
  latentKl: (options) => dreamer.latentKl(zeros(2, 2, 3), zeros(2, 2, 3), options),
  balancedKl: (options) => dreamer.balancedKl(zeros(2, 2, 3), zeros(2, 2, 3), options),
  "dreamer.twoHotLoss": (options) => dreamer.twoHotLoss(zeros(1, 255), [0], options),
  "dreamer.ReturnNormalizer": (options) => new dreamer.ReturnNormalizer(options),
  "octo.discreteLoss": (options) => octo.discreteLoss(zeros(1, 4), [0], octo.uniformBins(-1, 1, 4), options),
  "octo.sampleTokens": (options) => octo.sampleTokens(zeros(1, 4), octo.uniformBins(-1, 1, 4), options),
  "octo.diffusionLoss": (options) => octo.diffusionLoss(zeros(2, 7), zeros(2, 7), options),
  "octo.addNoise": (options) => octo.addNoise(action, action, 0, octo.cosineSchedule(), options),
  "octo.stepBack": (options) => octo.stepBack(action, action, action, 0, octo.cosineSchedule(), options),
  "octo.sample": (options) =>
    octo.sample(
      () => action,
      action,
      () => action,
      octo.cosineSchedule(),
      options,
    ),
  "octo.continuousLossOf": (options) => octo.continuousLossOf(action, action, options),
  diffusionPoint: (options) => octo.diffusionPoint(zeros(2, 3), zeros(2, 3), whole(2), octo.cosineSchedule(), options),
  "openvla.actionLabels": (options) => openvla.actionLabels(action, options),
  "openvla.actionLoss": (options) => openvla.actionLoss(zeros(1, openvla.logitWidth), [-100], options),
  "openvla.greedyTokens": (options) => openvla.greedyTokens(zeros(1, openvla.logitWidth), options),
  "openvla.sampleTokens": (options) => openvla.sampleTokens(zeros(1, openvla.logitWidth), options),
  "openvla.meanActions": (options) => openvla.meanActions(zeros(1, openvla.logitWidth), options),
  "pi0.sample": (options) => pi0.sample(() => action, action, options),
  "pi0.RunningStatistics": (options) => new pi0.RunningStatistics(options),
  "rt1.actionLoss": (options) => rt1.actionLoss(zeros(1, 11, 256), new Int32Array(11), options),
  "rt2.sampleTokens": (options) => {
    const frequencies = Array.from({ length: 300 }, (_, k) => k);
    return rt2.sampleTokens(zeros(1, 300), rt2.leastFrequentVocabulary(frequencies), options);
  },
};

/** What a call throws or rejects with. */
async function thrown(call: Call, options: unknown): Promise<unknown> {
  try {
    await call(options as never);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each([
  ["surprisal", MAIN],
  ["surprisal/robotics", ROBOTICS],
] as const)("%s", (_, calls) => {
  test.each(Object.entries(calls))("%s refuses an option that it does not have", async (name, call) => {
    const error = await thrown(call, { nonsense: 1 });
    expect(error).toBeInstanceOf(InputError);
    const words = `${name}: there is no option 'nonsense'; there are `;
    expect((error as Error).message.startsWith(words), (error as Error).message).toBe(true);
  });

  test.each(Object.entries(calls))("%s refuses options that are none", async (name, call) => {
    for (const options of [null, 5, "mean", [], Promise.resolve({})]) {
      const error = await thrown(call, options);
      expect(error).toBeInstanceOf(InputError);
      const words = `${name}: needed options { `;
      expect((error as Error).message.startsWith(words), (error as Error).message).toBe(true);
    }
  });
});

test("undefined values of options that there are count as left out", async () => {
  const options = { temperature: undefined, classes: undefined, mask: undefined };
  expect([...(await library.softmax(zeros(1, 4), options).read())]).toEqual([0.25, 0.25, 0.25, 0.25]);
});

describe("messages", () => {
  test("show strings as strings", () => {
    expect(() => library.softmax(zeros(2, 3), { temperature: "5" as never })).toThrow('2^-100 to 2^100, got "5"');
    expect(() => library.crossEntropy(zeros(2, 3), ["0", "1"] as never)).toThrow('ignoreIndex -100, got "0"');
  });

  test("name the function that was called, in its words", async () => {
    const logits = zeros(2, openvla.logitWidth);
    expect(() => openvla.actionLoss(logits, [31_800])).toThrow(
      "openvla.actionLoss: labels must be 2 class ids (one a row), got 1",
    );
    const cold = { seed: 1, temperature: 0 };
    expect(() => openvla.sampleTokens(logits, cold)).toThrow("openvla.sampleTokens: temperature must be");
    expect(() => rt1.actionLoss(zeros(1, 11, 256), [0])).toThrow("rt1.actionLoss: tokens must be 11 class ids");
    await expect(library.sequenceKl(zeros(2, 2, 3), zeros(2, 2, 3), [0])).rejects.toThrow(
      "sequenceKl: tokens must be 4 class ids (one a row), got 1",
    );
    await expect(library.sequenceKl(zeros(2, 2, 3), zeros(2, 2, 3), [0, 1, 2, 3])).rejects.toThrow(
      "sequenceKl: tokens[3] must be a class id in [0, 3)",
    );
    await expect(openvla.actionMetrics(logits, [1])).rejects.toThrow(
      "openvla.actionMetrics: labels must be 2 class ids",
    );
  });

  test("name it also where only the kernel sees the ids", async () => {
    const ids = engine.tensor(Int32Array.of(0, 1, 2, 9), [2, 2]);
    await expect(library.sequenceKl(zeros(2, 2, 3), zeros(2, 2, 3), ids)).rejects.toThrow(
      /^sequenceKl: tokens must be class ids in \[0, 3\).*row 3/,
    );
  });

  test("say that a promise is to be awaited", () => {
    const promise = Promise.resolve([]) as never;
    const calls = [
      () => library.mergeEstimates(promise),
      () => openvla.encodeAll(promise),
      () => openvla.decodeAll(promise),
      () => library.crossEntropy(zeros(2, 3), promise),
    ];
    for (const call of calls) expect(call).toThrow("got a promise; await it first");
  });
});

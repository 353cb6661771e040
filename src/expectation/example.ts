import { eventIntegrand } from "../distributions/event.ts";
import { normal } from "../distributions/index.ts";
import { densityOf, planLogProb } from "../distributions/log-prob.ts";
import { planCurve } from "../distributions/on-tensors.ts";
import type { Machine, Plan } from "../engine/plan.ts";
import { DEFAULT_GENERATOR } from "../random/words.ts";
import { BLOCK_SAMPLES } from "../sampling/integrand.ts";
import { planBatch } from "../sampling/plan.ts";
import { planAffineSamples } from "../sampling/sample-affine.ts";
import { planSamples } from "../sampling/sample-plan.ts";
import { checkedCall } from "./checked-call.ts";
import { wholeIntegrand } from "./integrand.ts";

/** A batch of E[x²] under the standard normal distribution: what the published shaders show. */
export function exampleBatch(machine: Machine): Plan {
  const options = { of: "x^2", under: normal(0, 1), samples: 2 * BLOCK_SAMPLES };
  const call = checkedCall(options, "example");
  const batch = { replicates: 1, firstBlock: 0, blocks: 2, skip: 0, tail: BLOCK_SAMPLES, shifts: new Float32Array(1) };
  return planBatch(wholeIntegrand(call, call.functions), { address: call.address, ...batch }, machine);
}

/** Samples of the standard normal distribution, their log-density, distribution function and quantiles: what the published shaders of distributions show. */
export function exampleTensors(machine: Machine): readonly Plan[] {
  const under = normal(0, 1);
  const address = { generator: DEFAULT_GENERATOR, seed: [0, 0], stream: 0 } as const;
  const wanted = { address, first: 0, count: 64 };
  const x = { shape: [64], dtype: "f32", byteOffset: 0 } as const;
  return [
    planSamples(eventIntegrand(under, "example"), [], wanted, machine, "sample"),
    planAffineSamples({ mean: [0], matrix: [[1]] }, wanted, machine, "affineRows"),
    planLogProb(densityOf(under, "example"), x, [64], machine, "logProb"),
    planCurve(under, "cdf", x, machine),
    planCurve(under, "icdf", x, machine),
  ];
}

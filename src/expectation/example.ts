import { normal } from "../distributions/index.ts";
import type { Machine, Plan } from "../engine/plan.ts";
import { BLOCK_SAMPLES } from "./integrand.ts";
import { planBatch } from "./plan.ts";
import { problemOf } from "./problem.ts";
import { questionOf } from "./question.ts";

/** A batch of E[x²] under the standard normal distribution: what the published shaders show. */
export function exampleBatch(machine: Machine): Plan {
  const options = { of: "x^2", under: normal(0, 1), samples: 2 * BLOCK_SAMPLES };
  const { job } = problemOf(questionOf(options, "example"), options);
  const batch = { replicates: 1, firstBlock: 0, blocks: 2, skip: 0, tail: BLOCK_SAMPLES, shifts: new Float32Array(1) };
  return planBatch(job.integrand, { address: job.address, ...batch }, machine);
}

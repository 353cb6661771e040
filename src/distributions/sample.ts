import { checkChoice, checkNamesOf, checkWhole, MOST_SAMPLES } from "../core/options.ts";
import type { Engine } from "../engine/engine.ts";
import { checkEngine } from "../engine/engine.ts";
import type { Tensor } from "../engine/tensor.ts";
import { seedWords } from "../random/seed.ts";
import { DEFAULT_GENERATOR, GENERATORS } from "../random/words.ts";
import { planAffineSamples } from "../sampling/sample-affine.ts";
import { planSamples, type SampleRequest } from "../sampling/sample-plan.ts";
import type { Distribution } from "./distribution.ts";
import { eventIntegrand } from "./event.ts";
import type { SampleOptions } from "./sample-options.ts";

/** Samples of a distribution on the GPU, f32 `[count]` or `[count, size]`. */
export function sampled(engine: Engine, distribution: Distribution, count: number, options: SampleOptions): Tensor {
  const where = `${distribution.name}.sample`;
  checkEngine(engine, where);
  checkNamesOf(options, ["seed", "stream", "offset", "generator"], where);
  const { seed = 0, stream = 0, offset = 0, generator = DEFAULT_GENERATOR } = options;
  const wanted: SampleRequest = {
    count: checkWhole(count, 0, 2 ** 31, where, "count"),
    first: checkWhole(offset, 0, MOST_SAMPLES - count, where, "offset"),
    address: {
      generator: checkChoice(generator, GENERATORS, where, "generator"),
      seed: seedWords(seed, where),
      stream: checkWhole(stream, 0, 2 ** 32 - 1, where, "stream"),
    },
  };
  const { affine } = distribution.model;
  const plan =
    affine && affine.mean.length > MOST_IN_FORMULAS
      ? planAffineSamples(affine, wanted, engine.machine, where)
      : planSamples(eventIntegrand(distribution, where), distribution.shape, wanted, engine.machine, where);
  return engine.run(plan, {}).y;
}

/** Dimensions of a normal vector whose formula still compiles at once. */
const MOST_IN_FORMULAS = 6;

import type { Computed } from "../../engine/cpu/work.ts";
import { drawer } from "../draws.ts";
import { outputsOf } from "../integrand.ts";
import type { AffineReference } from "../sample-affine.ts";
import type { SampleReference } from "../sample-plan.ts";

const SLICE = 4_096;

/** Samples with the bits of shaders/sampling/affine-rows.wgsl. */
export function sampleAffineReference({ affine, ...options }: AffineReference): Computed {
  const { y: z } = sampleReference(options).outputs as { y: Float32Array };
  const size = outputsOf(options.integrand);
  const y = z.map((_, item) => {
    const i = item % size;
    const first = item - i;
    let sum = 0;
    for (let j = 0; j <= i; j++) {
      const product = Math.fround((affine[size + i * size + j] as number) * (z[first + j] as number));
      sum = j === 0 ? product : Math.fround(sum + product);
    }
    return (affine[i] as number) + sum;
  });
  return { outputs: { y } };
}

/** Samples with the bits of shaders/sampling/sample.wgsl. */
export function sampleReference({ integrand, address, first, count }: SampleReference): Computed {
  const size = outputsOf(integrand);
  const y = new Float32Array(count * size);
  const draw = drawer(integrand, "f32", SLICE);
  const skip = first % 4;
  for (let start = -skip; start < count; start += SLICE) {
    const drawn = Math.min(SLICE, Math.ceil((count - start) / 4) * 4);
    const { outputs } = draw(address, first + start, drawn);
    outputs.forEach((values, c) => {
      for (let k = Math.max(0, -start); k < drawn && start + k < count; k++) {
        y[(start + k) * size + c] = values[k] as number;
      }
    });
  }
  return { outputs: { y } };
}

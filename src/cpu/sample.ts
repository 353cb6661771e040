import { drawer } from "../expectation/draws.ts";
import { outputsOf } from "../expectation/integrand.ts";
import type { SampleReference } from "../expectation/sample.ts";
import type { Computed } from "./row.ts";

const SLICE = 4_096;

/** Samples with the bits of shaders/sample.wgsl. */
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

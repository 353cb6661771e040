import { double } from "../../arithmetic/double.ts";
import type { Computed } from "../../engine/cpu/work.ts";
import { evaluator } from "../../expression/evaluate.ts";
import { NODES, normalNodes, type SurfaceReference } from "../kl-surface.ts";

/** shaders/inference/kl-surface.wgsl in f64. */
export function klSurfaceReference({ program, parameters, means, stds }: SurfaceReference): Computed {
  const evaluate = evaluator(program, double);
  const nodes = normalNodes();
  const z = new Float64Array(NODES);
  const y = new Float32Array(means.length * stds.length);
  stds.forEach((std, j) => {
    means.forEach((mean, i) => {
      for (let k = 0; k < NODES; k++) z[k] = mean + std * (nodes[2 * k] as number);
      const [log] = evaluate([z], parameters, NODES) as [Float64Array];
      let expected = 0;
      for (let k = 0; k < NODES; k++) expected += (nodes[2 * k + 1] as number) * (log[k] as number);
      y[j * means.length + i] = -expected - Math.log(std) - (1 + Math.log(2 * Math.PI)) / 2;
    });
  });
  return { outputs: { y } };
}

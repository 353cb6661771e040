import { type Engine, type Estimate, multivariateNormal, replicates } from "../../../src/index.ts";
import type { Options } from "./expectation.ts";

export interface Coverage {
  /** Share of the runs whose 95 % interval holds the true mean. */
  readonly covered: number;
  /** Share of the runs that warn of a heavy tail. */
  readonly warned: number;
}

/** How often intervals hold the truth, over replicates of few dispatches. */
export async function coverageOf(engine: Engine, options: Options, mean: number, runs: number): Promise<Coverage> {
  const all = (await replicates(engine, { ...options, replicates: runs })) as readonly Estimate[];
  let [covered, warned] = [0, 0];
  for (const { interval, warnings } of all) {
    const [low, high] = interval(0.95);
    if (low <= mean && mean <= high) covered += 1;
    if (warnings.some(({ code }) => code === "heavy-tail")) warned += 1;
  }
  return { covered: covered / runs, warned: warned / runs };
}

/** E[exp(½ Σz / √7)] of seven standard normals, e^(1/8). */
export const SMOOTH_7D = {
  mean: Math.exp(1 / 8),
  options: <M extends "sobol" | "independent">(method: M) => ({
    of: "exp(0.5 * (x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6]) / sqrt(7))" as const,
    under: multivariateNormal({ mean: Array<number>(7).fill(0), std: Array<number>(7).fill(1) }),
    method,
  }),
};

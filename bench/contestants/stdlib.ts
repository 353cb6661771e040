import randomNormal from "@stdlib/random-base-normal";
import logpdf from "@stdlib/stats-base-dists-normal-logpdf";
import dmean from "@stdlib/stats-strided-dmean";
import type { GaussianProblem, Integrand, SampleProblem } from "../cases/problem.ts";
import { oneByOne } from "../harness/runs.ts";
import type { Contestant, Task } from "./contestant.ts";
import { samplesOf } from "./plain.ts";
import { versions } from "./versions.ts";

/** stdlib: numerical functions in f64 JavaScript, made to be right rather than quick. */
export async function stdlib(): Promise<Contestant> {
  return {
    name: "@stdlib",
    kind: "cpu",
    role: "peer",
    version: versions.stdlib,
    threads: 1,
    load: async (problem) => {
      const samples = samplesOf(problem);
      const task = samples
        ? () => meanTask(samples)
        : problem.group === "gaussian" && problem.form === "diagonal"
          ? () => densityTask(problem)
          : undefined;
      const named = samples ? "expectation" : "gaussianLogDensity";
      return task && { tasks: async (name) => (name === named ? [task()] : []), dispose: () => {} };
    },
  };
}

/** The density of one coordinate, summed by hand. */
function densityTask({ rows, dimensions: d, x, mean, std }: GaussianProblem): Task {
  const densities = mean.map((value, c) => logpdf.factory(value, std[c] as number));
  const y = new Float64Array(rows);
  const call = () => {
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += (densities[c] as (x: number) => number)(x[row * d + c] as number);
      y[row] = sum;
    }
  };
  return taskOf(call, () => y, "normal-logpdf of each coordinate");
}

const functions: Readonly<Record<Integrand, (total: number) => number>> = {
  "x²": (x) => x * x,
  "x > 2": (x) => (x > 2 ? 1 : 0),
  "exp(Σx/10)": (x) => Math.exp(0.1 * x),
};

/** Its improved Ziggurat on the Mersenne Twister, and its pairwise mean. */
function meanTask({ samples, dimensions, integrand }: SampleProblem): Task {
  const draw = randomNormal.factory(0, 1, { seed: 1 });
  const f = functions[integrand];
  const values = new Float64Array(samples);
  let mean = 0;
  const call = () => {
    for (let k = 0; k < samples; k++) {
      let total = 0;
      for (let c = 0; c < dimensions; c++) total += draw();
      values[k] = f(total);
    }
    mean = dmean(samples, values, 1);
  };
  return taskOf(call, () => [mean], "random-base-normal and dmean, the mean alone");
}

function taskOf(call: () => void, values: () => ArrayLike<number>, note: string): Task {
  return {
    note,
    resultBytes: 0,
    run: oneByOne(call),
    answer: async () => {
      call();
      return [values()];
    },
    dispose: () => {},
  };
}

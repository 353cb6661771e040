import type { Integrand, Problem, SampleProblem } from "../cases/problem.ts";
import { oneByOne } from "../harness/runs.ts";
import type { Contestant, Task } from "./contestant.ts";

/** What a person would write first: plain JavaScript in f64, one thread, Math.random. */
export async function plainJavaScript(): Promise<Contestant> {
  return {
    name: "JavaScript, Math.random",
    kind: "cpu",
    role: "baseline",
    version: "",
    threads: 1,
    load: async (problem) => {
      const samples = samplesOf(problem);
      if (!samples) return undefined;
      return { tasks: async (name) => (name === "expectation" ? [meanTask(samples)] : []), dispose: () => {} };
    },
  };
}

/** The Monte Carlo question of a problem that has one. */
export function samplesOf(problem: Problem): SampleProblem | undefined {
  if (problem.group === "monte-carlo") return problem;
  return problem.group === "latency" ? problem.samples : undefined;
}

function meanTask(problem: SampleProblem): Task {
  const mean = means[problem.integrand];
  let answer = 0;
  const call = () => {
    answer = mean(problem);
  };
  return {
    note: "Box–Muller, the mean alone",
    resultBytes: 0,
    run: oneByOne(call),
    answer: async () => {
      call();
      return [[answer]];
    },
    dispose: () => {},
  };
}

const means: Readonly<Record<Integrand, (problem: SampleProblem) => number>> = {
  "x²": ({ samples }) => meanOfPairs(samples, (x) => x * x),
  "x > 2": ({ samples }) => meanOfPairs(samples, (x) => (x > 2 ? 1 : 0)),
  "exp(Σx/10)": ({ samples, dimensions }) => {
    let sum = 0;
    let spare = Number.NaN;
    for (let k = 0; k < samples; k++) {
      let total = 0;
      for (let c = 0; c < dimensions; c++) {
        if (Number.isNaN(spare)) {
          const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
          const angle = 2 * Math.PI * Math.random();
          total += radius * Math.cos(angle);
          spare = radius * Math.sin(angle);
        } else {
          total += spare;
          spare = Number.NaN;
        }
      }
      sum += Math.exp(0.1 * total);
    }
    return sum / samples;
  },
};

function meanOfPairs(samples: number, f: (x: number) => number): number {
  let sum = 0;
  for (let k = 0; k < samples; k += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
    const angle = 2 * Math.PI * Math.random();
    sum += f(radius * Math.cos(angle)) + f(radius * Math.sin(angle));
  }
  return sum / samples;
}

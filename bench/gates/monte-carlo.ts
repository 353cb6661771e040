import { defaultDevice, init, jit, numpy as np, random } from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import { type Engine, expectation, normal } from "../../src/index.ts";
import { milliseconds, table } from "../format.ts";
import { spreadOf } from "../statistics.ts";
import { type Gate, type GateCase, speedGate } from "./gate.ts";

const SAMPLES = 16_000_000;

/** E[x²] of standard normals, each in its own way; the answer, so that nothing is optimised away. */
interface Entrant {
  readonly name: string;
  readonly note: string;
  run(seed: number): Promise<number>;
}

/** Factors by which we must be faster than each. */
const chromium: Readonly<Record<string, number>> = { "TensorFlow.js WebGPU": 3, "jax-js (jit)": 4, JavaScript: 1.3 };
const firefox: Readonly<Record<string, number>> = { "jax-js (jit)": 7, JavaScript: 7 };

/** The mean of x² over 1.6e7 normals: ours with both moments and an error bar, the peers' with the mean alone. */
export async function monteCarloCase(engine: Engine, repeats: number): Promise<GateCase> {
  const entrants = [ours(engine), javaScript, await jax(), await tensorflow()];
  const times = new Map(entrants.map(({ name }) => [name, [] as number[]]));
  const means = new Map<string, number>();
  const first = new Map<string, number>();
  for (let k = -1; k < repeats; k++) {
    for (const { name, run } of entrants) {
      const start = performance.now();
      means.set(name, await run(k + 1));
      const time = performance.now() - start;
      if (k < 0) first.set(name, time);
      else times.get(name)?.push(time);
    }
  }
  const spread = (name: string) => spreadOf(times.get(name) ?? []);
  const us = spread(entrants[0]?.name ?? "");
  const rows = entrants.map(({ name, note }) => {
    const { median, low, high } = spread(name);
    const rate = (SAMPLES / median / 1_000).toFixed(1);
    const error = Math.abs((means.get(name) ?? Number.NaN) - 1).toExponential(1);
    const times = [
      milliseconds(median),
      `${milliseconds(low)}–${milliseconds(high)}`,
      milliseconds(first.get(name) ?? 0),
    ];
    return [name, note, ...times, rate, (median / us.median).toFixed(2), error];
  });
  const head = ["", "what it computes", "median ms", "quartiles", "first", "10⁶ samples/s", "times ours", "|mean − 1|"];
  const wanted = /firefox/i.test(navigator.userAgent) ? firefox : chromium;
  const gates: Gate[] = Object.entries(wanted).map(([name, factor]) =>
    speedGate(`E[x²] of 1.6e7 normals against ${name}`, factor, spread(name).median, us.median),
  );
  return { markdown: `### Monte Carlo: E[x²] over ${SAMPLES} normals\n\n${table(head, rows)}`, gates };
}

function ours(engine: Engine): Entrant {
  const under = normal(0, 1);
  return {
    name: "surprisal",
    note: "mean, variance, skewness, count of non-finite values",
    run: async (seed) => (await expectation(engine, { of: "x^2", under, samples: SAMPLES, seed })).mean,
  };
}

const javaScript: Entrant = {
  name: "JavaScript",
  note: "Box–Muller on Math.random, one thread, mean",
  run: async () => {
    let sum = 0;
    for (let k = 0; k < SAMPLES; k += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
      const angle = 2 * Math.PI * Math.random();
      const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle)];
      sum += x * x + y * y;
    }
    return sum / SAMPLES;
  },
};

async function jax(): Promise<Entrant> {
  const ready = await init("webgpu");
  if (!ready.includes("webgpu")) throw new Error("jax-js: no webgpu device");
  defaultDevice("webgpu");
  const meanOfSquares = jit((key: np.Array) => {
    const x = random.normal(key, [SAMPLES]);
    return np.mean(np.square(x));
  });
  return {
    name: "jax-js (jit)",
    note: "mean",
    run: async (seed) => ((await meanOfSquares(random.key(seed)).data()) as Float32Array)[0] ?? Number.NaN,
  };
}

async function tensorflow(): Promise<Entrant> {
  if (!(await tf.setBackend("webgpu"))) throw new Error("TensorFlow.js: no webgpu backend");
  await tf.ready();
  return {
    name: "TensorFlow.js WebGPU",
    note: "mean; its normals are made by JavaScript and uploaded",
    run: async (seed) => {
      const mean = tf.tidy(() => tf.mean(tf.square(tf.randomNormal([SAMPLES], 0, 1, "float32", seed + 1))));
      const [value = Number.NaN] = await mean.data();
      mean.dispose();
      return value;
    },
  };
}

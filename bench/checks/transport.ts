import { type Engine, mixture, multivariateNormal } from "../../src/index.ts";
import { assignModes, diffusionTransport, expectedModes, flowTransport } from "../../src/robotics/index.ts";
import { spreadOf } from "../harness/statistics.ts";
import { milliseconds } from "../report/table.ts";
import type { Check, Gate } from "./check.ts";

const PARTICLES = 2 ** 20;
const STD = [0.2, 0.1, 0.15, 0.3, 0.1, 0.2, 0.25];

/** A seven-dimensional action that goes left three times in ten. */
const target = mixture(
  [0.3, 0.7],
  [-1, 1].map((place) => multivariateNormal({ mean: STD.map((_, c) => (c === 0 ? place : 0)), std: STD })),
);

const METHODS = { flow: flowTransport, diffusion: diffusionTransport } as const;

/** A million particles from noise to a bimodal action, for several numbers of steps; the times are those of π0's 10 and Octo's 20. */
export async function checkTransport(engine: Engine, repeats: number): Promise<Check> {
  const rows: string[][] = [];
  const gates: Gate[] = [];
  for (const method of ["flow", "diffusion"] as const) {
    const usual = method === "flow" ? 10 : 20;
    for (const steps of [5, 10, 20, 40, 80]) {
      const runs = steps === usual ? repeats : 1;
      const times: number[] = [];
      let left = 0;
      // Where it is timed the first run, which may wait for the compiler, does not count.
      for (let k = runs > 1 ? -1 : 0; k < runs; k++) {
        const start = performance.now();
        using samples = METHODS[method](engine, target, { particles: PARTICLES, steps, seed: k + 1 }).samples;
        const { labels, counts } = assignModes(target, samples);
        left = ((await counts.read())[0] as number) / PARTICLES;
        if (k >= 0) times.push(performance.now() - start);
        labels.dispose();
        counts.dispose();
      }
      const { median, low, high } = spreadOf(times);
      const [expected = Number.NaN] = expectedModes(target, { method, steps }).weights;
      const errors = (left - expected) / Math.sqrt((expected * (1 - expected)) / PARTICLES);
      rows.push([
        `${method}, ${steps} steps`,
        milliseconds(median),
        runs > 1 ? `${milliseconds(low)}–${milliseconds(high)}` : "",
        ((PARTICLES * steps) / median / 1_000).toFixed(1),
        left.toFixed(5),
        expected.toFixed(5),
        errors.toFixed(2),
      ]);
      if (steps !== usual) continue;
      const name = `mode weight after ${steps} ${method} steps of 2^20 particles`;
      const measured = `${errors.toFixed(2)} standard errors`;
      gates.push({ name, needed: "within 5 standard errors", measured, pass: Math.abs(errors) <= 5 });
    }
  }
  const head = [
    "",
    "ms",
    "quartiles",
    "10⁶ particle steps/s",
    "weight (target 0.3)",
    "of the exact map",
    "standard errors",
  ];
  return { table: { title: "Transport: 2^20 particles in seven dimensions", head, rows }, gates };
}

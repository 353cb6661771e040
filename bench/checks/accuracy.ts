import { type Engine, expectation, normal, uniform, varianceLadder } from "../../src/index.ts";
import { SMOOTH_7D } from "../../test/support/expectation/coverage.ts";
import { momentsOf64, relativeErrorOf, UNIFORM_SUMS } from "../../test/support/expectation/oracle.ts";
import type { Check, Gate } from "./check.ts";

/** Monte Carlo at full size: minutes, where the tests take small versions. */
export async function checkAccuracy(engine: Engine, quick: boolean): Promise<Check> {
  const parts = {
    "moments against f64": () => againstOracle(engine, quick ? 1e6 : 1e7),
    "normal samples of x²": () => manySquares(engine, quick ? 1e8 : 1e9),
    "accumulation against integers": () => accumulation(engine, quick ? 1e8 : 1e10),
    "variance ladder": () => ladder(engine, quick ? 14 : 18),
    "scrambled Sobol points": () => smooth(engine, quick ? 16 : 64),
  };
  const gates: Gate[] = [];
  const rows: string[][] = [];
  for (const [name, measure] of Object.entries(parts)) {
    const started = performance.now();
    const found = await measure();
    gates.push(...found);
    rows.push([name, ((performance.now() - started) / 1_000).toFixed(1)]);
  }
  return { table: { title: "Accuracy of expectations", head: ["part", "seconds"], rows }, gates };
}

async function againstOracle(engine: Engine, samples: number): Promise<readonly Gate[]> {
  const under = normal(0, 1);
  const of = ["x^2", "abs(x)", "exp(x)", "sin(3 * x)"];
  const options = { of, under, samples, seed: 5 };
  const e = await expectation(engine, options);
  const apart = (await momentsOf64(options)).map(({ mean }, k) => {
    return Math.abs((e.mean[k] ?? Number.NaN) - mean) / (e.standardError[k] ?? Number.NaN);
  });
  const far = { of: "x", under: normal(1e4, 1), samples: Math.min(samples, 1e6), seed: 9 };
  const { variance } = await expectation(engine, far);
  const spread = Math.abs(variance / ((await momentsOf64(far))[0]?.variance ?? Number.NaN) - 1);
  return [
    gate(`means of ${of.join(", ")} at ${show(samples)}, from f64's`, 100 * Math.max(...apart), 2, "% of s.e."),
    gate("variance of normal(10⁴, 1), from f64's", spread, 1e-5, "relative"),
  ];
}

async function manySquares(engine: Engine, samples: number): Promise<readonly Gate[]> {
  const before = engine.memory();
  const e = await expectation(engine, { of: "x^2", under: normal(0, 1), samples, seed: 42 });
  const after = engine.memory();
  return [
    gate(`mean of x² at ${show(samples)}, from 1`, Math.abs(e.mean - 1) / e.standardError, 5, "s.e."),
    gate("memory held after it", after.bytes - before.bytes, 0, "bytes"),
    gate("buffers kept for reuse", after.pooled / 2 ** 20, 64, "MiB"),
  ];
}

async function accumulation(engine: Engine, most: number): Promise<readonly Gate[]> {
  const options = { of: "x", under: uniform(0, 1), seed: 1 } as const;
  const gates: Gate[] = [];
  let resume: Awaited<ReturnType<typeof expectation<"x">>>["snapshot"] | undefined;
  for (const [samples, sum] of UNIFORM_SUMS) {
    if (samples > most) break;
    const e = await expectation(engine, { ...options, samples, ...(resume ? { resume } : {}) });
    resume = e.snapshot;
    gates.push(
      gate(
        `sum of ${show(samples)} uniforms, from the exact one`,
        relativeErrorOf(e.mean, samples, sum),
        1e-7,
        "relative",
      ),
    );
  }
  return gates;
}

async function ladder(engine: Engine, top: number): Promise<readonly Gate[]> {
  const sizes = Array.from({ length: top - 3 }, (_, k) => 2 ** (k + 4));
  const { slope, interval } = await varianceLadder(engine, {
    of: "x^2",
    under: normal(0, 1),
    sizes,
    replicates: 1_024,
    seed: 6,
  });
  const [low, high] = interval(0.95);
  const reach = (high - low) / 2;
  return [
    gate(`slope ${slope.toFixed(4)} of 2⁴ … 2^${top}, from −1`, Math.abs(slope + 1) / reach, 1, "half-widths"),
    gate("half-width of its 95 % interval", reach, top < 18 ? 0.02 : 0.01, ""),
  ];
}

async function smooth(engine: Engine, seeds: number): Promise<readonly Gate[]> {
  const samples = 2 ** 16;
  const squares = { sobol: 0, independent: 0 };
  for (let seed = 0; seed < seeds; seed++) {
    for (const method of ["sobol", "independent"] as const) {
      const { mean } = await expectation(engine, { ...SMOOTH_7D.options(method), samples, seed });
      squares[method] += (mean - SMOOTH_7D.mean) ** 2;
    }
  }
  const ratio = Math.sqrt(squares.independent / squares.sobol);
  const name = `RMSE of Sobol points on 7 dimensions below independent, ${seeds} seeds`;
  return [{ name, needed: "≥ 30×", measured: `${ratio.toFixed(1)}×`, pass: ratio >= 30 }];
}

function gate(name: string, value: number, most: number, unit: string): Gate {
  const shown = value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : value.toPrecision(3);
  return { name, needed: `≤ ${most} ${unit}`.trim(), measured: `${shown} ${unit}`.trim(), pass: value <= most };
}

function show(samples: number): string {
  return `10^${Math.round(Math.log10(samples))}`;
}

import { VERSION } from "../../src/core/version.ts";
import { crossEntropy, Engine, logSumExp, softmax, type Tunable, type Tuning } from "../../src/index.ts";
import { tensorTask } from "../contestants/surprisal-tasks.ts";
import { type Pace, race } from "../harness/race.ts";
import { medianOf, ratiosOf } from "../harness/statistics.ts";
import { milliseconds } from "../report/table.ts";
import type { Check, Gate } from "./check.ts";

const CASES: readonly (readonly [Tunable, readonly number[]])[] = [
  [softmax, [448, 3_206]],
  [logSumExp, [1, 1_000_000]],
  [crossEntropy, [400_000, 7]],
];

/** What the tuner settles on must be about as quick as the best of all that it tries, each of them timed at length. */
export async function checkTuning(device: GPUDevice, pace: Pace): Promise<Check> {
  using engine = await Engine.create({ device });
  const rows: string[][] = [];
  const gates: Gate[] = [];
  for (const [one, shape] of CASES) {
    const name = `${one.tuning.name} [${shape.join(" × ")}]`;
    const start = performance.now();
    const tuning = await engine.tune([one], { shapes: [shape] });
    const seconds = (performance.now() - start) / 1_000;
    const { layout } = tuning.layouts.at(-1) ?? { layout: null };
    const { layouts, times, spans } = await timesOf(one, shape, engine, device, pace);
    const chosen = layouts.findIndex((other) => JSON.stringify(other) === JSON.stringify(layout));
    const best = times.indexOf(Math.min(...times));
    const share = chosen === best ? 1 : medianOf(ratiosOf(spans[chosen] as Spans, spans[best] as Spans));
    gates.push({
      name,
      needed: "≤ 1.05 × the best layout's time",
      measured: share.toFixed(3),
      pass: share <= 1.05,
    });
    const shown = (k: number) => `${JSON.stringify(layouts[k])} ${milliseconds(times[k] ?? Number.NaN)}`;
    rows.push([name, `${layouts.length}`, `${seconds.toFixed(1)} s`, shown(0), shown(chosen), shown(best)]);
  }
  const head = ["call", "layouts", "tuned in", "the rule's, ms", "the tuner's, ms", "the best, ms"];
  return { table: { title: "Layouts that tune themselves", head, rows }, gates };
}

type Spans = Parameters<typeof ratiosOf>[0];

/** Every layout in one race, each on an engine that is told to use it. */
async function timesOf(
  { tuning: own }: Tunable,
  shape: readonly number[],
  engine: Engine,
  device: GPUDevice,
  pace: Pace,
) {
  const trials = await own.load();
  const layouts = [null, ...trials.layouts(shape, engine.machine)];
  const open: (() => void)[] = [];
  const runners = [];
  for (const layout of layouts) {
    const tuning: Tuning = {
      version: VERSION,
      adapter: engine.adapter,
      layouts: [{ function: own.name, shape, layout, gain: 1 }],
    };
    const other = await Engine.create({ device, tuning });
    const trial = trials.begin(other, shape);
    open.push(() => {
      trial.dispose();
      other.dispose();
    });
    runners.push({ device, tasks: [tensorTask(other, () => trial.run())] });
  }
  const timings = await race(runners, pace);
  for (const close of open) close();
  const never = { rounds: [], times: [Number.POSITIVE_INFINITY] };
  const spans: Spans[] = timings.map((timing) => (timing instanceof Error ? never : timing.spans));
  return { layouts, spans, times: spans.map((one) => medianOf(one.times)) };
}

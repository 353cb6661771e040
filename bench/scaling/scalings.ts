import type { Context } from "../benchmark.ts";
import { judgeMean, withSamples } from "../cases/monte-carlo.ts";
import { rowErrors } from "../cases/row-errors.ts";
import { makeRows } from "../cases/rows.ts";
import { type Contestant, kinds } from "../contestants/contestant.ts";
import { attempt } from "../harness/attempt.ts";
import { fieldOf } from "../harness/field.ts";
import { fitLine } from "./fit.ts";
import { measure, type Sized } from "./measure.ts";
import type { Point, Scaling, Series } from "./scaling.ts";

/** What grows, and which task is timed on it. */
export interface ScalingJob {
  readonly id: string;
  readonly title: string;
  readonly axis: string;
  readonly task: string;
  readonly sizes: readonly number[];
  /** Sizes that only a full run takes. */
  readonly more?: readonly number[];
  /** The size at which the quickest peer is chosen. */
  readonly probe: number;
  make(n: number): Sized;
}

const CLASSES = 1_024;
const ROWS = 64;

export const scalings: readonly ScalingJob[] = [
  {
    id: "scaling/samples",
    title: "E[x²] of a standard normal",
    axis: "samples",
    task: "expectation",
    sizes: [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9],
    more: [1e10],
    probe: 1e6,
    make: (samples) => {
      const problem = withSamples(samples);
      return { problem, judge: (answer) => judgeMean(problem, answer).error };
    },
  },
  {
    id: "scaling/rows",
    title: `softmax of rows of ${CLASSES.toLocaleString("en")} classes`,
    axis: "rows",
    task: "softmax",
    sizes: [4, 16, 64, 256, 1_024, 4_096, 16_384],
    more: [65_536],
    probe: 256,
    make: (rows) => softmaxOf(rows, CLASSES),
  },
  {
    id: "scaling/classes",
    title: `softmax of ${ROWS} rows`,
    axis: "classes",
    task: "softmax",
    sizes: [16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144],
    more: [1_048_576],
    probe: 4_096,
    make: (classes) => softmaxOf(ROWS, classes),
  },
];

function softmaxOf(rows: number, classes: number): Sized {
  const problem = makeRows(rows, classes);
  return { problem, judge: (answer) => rowErrors.softmax(problem, answer) };
}

/** Time against size, for ours and the quickest peer of each kind. */
export async function grow(job: ScalingJob, context: Context): Promise<Scaling> {
  const { options, environment, pace } = context;
  const budget = options.full ? 900_000 : options.quick ? 1_500 : 60_000;
  const sizes = options.full ? [...job.sizes, ...(job.more ?? [])] : job.sizes;
  const series: Series[] = [];
  for (const kind of kinds) {
    const { contestants } = await fieldOf(kind, environment.adapter.software, options.who);
    for (const contestant of await chosen(contestants, job)) {
      context.progress(`${job.title}: ${contestant.name} …`);
      const measured = await pointsOf(contestant, job, sizes, budget, pace.signal);
      const fit = fitLine(measured.points);
      const { name, role } = contestant;
      series.push({ name, kind, role, ...measured, ...(fit ? { fit } : {}) });
    }
  }
  const { id, title, axis } = job;
  return { id, title, axis, series };
}

/** The first of ours, and the peer that is quickest at the probe's size. */
async function chosen(contestants: readonly Contestant[], job: ScalingJob): Promise<Contestant[]> {
  const ours = contestants.find(({ role }) => role === "ours");
  const sized = job.make(job.probe);
  let best: { contestant: Contestant; milliseconds: number } | undefined;
  for (const contestant of contestants) {
    if (contestant.role !== "peer") continue;
    const point = await attempt(() => measure(contestant, sized, job.task, job.probe, 0));
    if (point instanceof Error || point.milliseconds >= (best?.milliseconds ?? Infinity)) continue;
    best = { contestant, milliseconds: point.milliseconds };
  }
  return [...(ours ? [ours] : []), ...(best ? [best.contestant] : [])];
}

/** Sizes one after another, until a call would take longer than the budget, or a size is refused or answered wrongly. */
async function pointsOf(
  contestant: Contestant,
  job: ScalingJob,
  sizes: readonly number[],
  budget: number,
  signal: AbortSignal | undefined,
): Promise<Pick<Series, "points" | "end">> {
  const points: Point[] = [];
  for (const n of sizes) {
    const last = points.at(-1);
    const foreseen = last ? (last.milliseconds * n) / last.n : 0;
    // Small sizes are mostly fixed cost, which does not grow.
    if (foreseen > budget && (last?.milliseconds ?? 0) > budget / 20) {
      return { points, end: { n, reason: `a call would take more than ${budget / 1_000} s` } };
    }
    const point = await attempt(() => measure(contestant, job.make(n), job.task, n, foreseen), signal);
    if (point instanceof Error) return { points, end: { n, reason: point.message } };
    points.push(point);
  }
  return { points };
}

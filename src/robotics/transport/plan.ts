import { UnsupportedError } from "../../core/errors.ts";
import { cpuWork, GPU_ALONE } from "../../engine/cpu/work.ts";
import {
  definePlan,
  grid,
  type Machine,
  type Output,
  type Pass,
  type Plan,
  type PlanOf,
  pass,
} from "../../engine/plan.ts";
import { tripsOf } from "./gaussians.ts";
import { startKernel, stepsKernel, WIDTH } from "./kernels.ts";
import { mapLength } from "./maps.ts";
import type { TransportRun } from "./run.ts";
import { type Window, windowOf } from "./window.ts";

const cpu = cpuWork(async () => ({ reference: (await import("../cpu/transport.ts")).transportReference }));

/** Operations of one submit: about 50 ms of a software GPU, and less of any other. */
const SOFTWARE_WORK = 2 ** 27;
const HARDWARE_WORK = 2 ** 32;

/** Trips through loops of one invocation: lavapipe stops silently at 65,535. */
const MOST_TRIPS = 4_096;

type TransportPlan = PlanOf<"samples" | "trajectory">;
type TransportPlans = readonly [TransportPlan, ...TransportPlan[]];

/**
 * A transport as plans that each take some milliseconds: some particles through some steps. All write into the outputs of the first,
 * whose reference is the whole.
 */
export function planTransport(job: TransportRun, machine: Machine): TransportPlans {
  const { gaussians, particles, records } = job;
  const { size } = gaussians;
  checkSize(job, machine);
  const outputs = {
    samples: { shape: [particles, size], dtype: "f32" },
    trajectory: { shape: [records.length, particles, size], dtype: "f32" },
  } as const;
  const chunks = chunksOf(job, machine);
  const segments = segmentsOf(job).map((segment) => ({ ...segment, uploads: uploadsOf(job, segment) }));
  const plans = chunks.flatMap((chunk, c) =>
    segments.map((segment, s) => planPart(job, machine, outputs, chunk, segment, c + s === 0)),
  );
  return plans as unknown as TransportPlans;
}

/** Before any plan is made: there would be many. */
function checkSize({ where, gaussians, particles, records }: TransportRun, { limits }: Machine): void {
  const bytes = particles * gaussians.size * Math.max(1, records.length) * 4;
  if (bytes <= limits.maxBufferSize) return;
  const what = records.length > 1 ? `${records.length} records of ${particles} particles` : `${particles} particles`;
  throw new UnsupportedError(
    "limits",
    `${where}: ${what} in ${gaussians.size} dimensions take ${bytes} bytes, more than this device's largest buffer of ` +
      `${limits.maxBufferSize}; transport them in parts, with offset`,
  );
}

/** Particles begin … end - 1; all but the first and the last chunk are whole quads. */
interface ParticleRange {
  readonly begin: number;
  readonly end: number;
}

function chunksOf(job: TransportRun, { software, limits }: Machine): readonly ParticleRange[] {
  const { particles, gaussians, offset } = job;
  const longest = Math.max(...segmentsOf(job).map(({ from, to }) => to - from));
  const each = workOf(job) * Math.max(1, longest);
  const fitting = limits.maxStorageBufferBindingSize / 4 / gaussians.size - WIDTH;
  const wanted = (software ? SOFTWARE_WORK : HARDWARE_WORK) / each;
  const step = Math.max(WIDTH * 4, Math.floor(Math.min(wanted, fitting) / (WIDTH * 4)) * WIDTH * 4);
  const chunks: ParticleRange[] = [];
  for (let begin = 0; begin < particles; ) {
    const end = Math.min(particles, begin + step - ((offset + begin) % 4));
    chunks.push({ begin, end });
    begin = end;
  }
  return chunks;
}

/** Rough operations of a particle's step. */
function workOf({ gaussians, noisy }: TransportRun): number {
  const { size, components, rotated } = gaussians;
  const field = components.length * (60 + 12 * size + (rotated ? 6 * size * size : 0));
  return field + (noisy ? 120 * size : 0);
}

/** Steps from … to - 1. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Steps at whose end the particles are in memory. */
interface Segment extends Range {
  /** Which record the end is, if any; the start's is that of the noise. */
  readonly record: number;
}

/** A segment ends where particles are recorded, and where an invocation has had its share of trips. */
function segmentsOf({ gaussians, records, walk }: TransportRun): readonly Segment[] {
  const most = Math.max(1, Math.floor(MOST_TRIPS / tripsOf(gaussians)));
  const steps = walk.maps.length;
  const segments: Segment[] = [];
  if (records[0] === 0) segments.push({ from: 0, to: 0, record: 0 });
  for (let from = 0; from < steps; ) {
    const next = records.find((record) => record > from) ?? steps;
    const to = Math.min(next, from + most, steps);
    segments.push({ from, to, record: records.indexOf(to) });
    from = to;
  }
  return segments;
}

/** The constants of a segment's maps, and the components' axes. */
function uploadsOf({ gaussians, axes, walk }: TransportRun, { from, to }: Range): Plan["uploads"] {
  // A segment of no steps only copies the noise, but what it binds must not be empty.
  const maps = walk.maps.slice(from, Math.max(to, from + 1));
  const length = mapLength(gaussians);
  const constants = new Float32Array(maps.length * length);
  maps.forEach((map, s) => void constants.set(map.constants, s * length));
  return { maps: constants, ...(gaussians.rotated ? { axes: Float32Array.from(axes) } : {}) };
}

function planPart(
  job: TransportRun,
  machine: Machine,
  outputs: Readonly<Record<"samples" | "trajectory", Output>>,
  chunk: ParticleRange,
  segment: Segment & { readonly uploads: Plan["uploads"] },
  first: boolean,
): TransportPlan {
  const { where, gaussians, noisy, address, offset, records } = job;
  const { size, components, rotated } = gaussians;
  const drawing = { generator: address.generator, slowShifts: machine.slowShifts === true };
  const count = chunk.end - chunk.begin;
  const x = windowOf("samples", chunk.begin * size, count * size, machine.limits);
  const skip = (offset + chunk.begin) % 4;
  const quad = (offset + chunk.begin - skip) / 4;
  const quad_lo = quad % 2 ** 32;
  const place = {
    particles: count,
    skip,
    quad_lo,
    quad_hi: (quad - quad_lo) / 2 ** 32,
    stream: address.stream,
    seed_lo: address.seed[0],
    seed_hi: address.seed[1],
    into: x.into,
  };
  const groups = grid(Math.ceil((count + skip) / 4 / WIDTH), machine.limits, where);
  const passes: Pass[] = [];
  const begins = segment.from === 0 && (records[0] !== 0 || segment.to === 0);
  if (begins) {
    const kernel = startKernel(size, drawing);
    passes.push(pass(kernel, { bind: { x: x.range }, params: { ...place, zero: 0 }, grid: groups }));
  }
  const record = recordWindow(job, machine, chunk, segment);
  passes.push(
    pass(stepsKernel(gaussians, noisy, drawing), {
      bind: {
        maps: "maps",
        // What a variant does not read still needs something that fits.
        axes: rotated ? "axes" : "maps",
        x: x.range,
        record: record?.range ?? "nowhere",
      },
      params: {
        ...place,
        recording: record ? 1 : 0,
        beside: record?.into ?? 0,
        first: segment.from,
        steps: segment.to - segment.from,
        components: components.length,
        zero: 0,
      },
      grid: groups,
    }),
  );
  return definePlan({
    name: where,
    outputs,
    scratch: { nowhere: 16 },
    uploads: segment.uploads,
    passes,
    cpu: first ? cpu(job) : GPU_ALONE,
  });
}

function recordWindow(
  job: TransportRun,
  machine: Machine,
  { begin, end }: ParticleRange,
  { record }: Segment,
): Window | undefined {
  if (record < 0) return undefined;
  const { size } = job.gaussians;
  const start = (record * job.particles + begin) * size;
  return windowOf("trajectory", start, (end - begin) * size, machine.limits);
}

import type { Arithmetic } from "../../arithmetic/arithmetic.ts";
import { double } from "../../arithmetic/double.ts";
import { single } from "../../arithmetic/single.ts";
import {
  cosOfWord,
  cosOfWord64,
  normalRadius,
  normalRadius64,
  sinOfWord,
  sinOfWord64,
  unitRefined,
} from "../../arithmetic/variates.ts";
import type { Computed, Given } from "../../engine/cpu/work.ts";
import type { FloatArray } from "../../expression/evaluate.ts";
import { type Address, fillWords, PURPOSE } from "../../random/words.ts";
import { RARE_BELOW } from "../../sampling/integrand.ts";
import { type BlendShape, blendOf } from "../transport/blend.ts";
import type { FieldReference } from "../transport/field.ts";
import type { ModesReference } from "../transport/modes.ts";
import type { TransportRun } from "../transport/run.ts";

/** Particles that are carried together; a multiple of 4. */
const BATCH = 1_024;

/** Where particles went: their last places, and those at the steps that are recorded. */
export interface Carried {
  readonly samples: FloatArray;
  readonly trajectory: FloatArray;
}

/** The twin of shaders/robotics/transport-start.wgsl and transport-steps.wgsl, to the bit. */
export function transportReference(job: TransportRun): Computed {
  const { samples, trajectory } = carry(job, "f32");
  const outputs = { samples: samples as Float32Array, trajectory: trajectory as Float32Array };
  return { outputs };
}

/** The transport on the CPU, in f32 with the GPU's bits, or in f64 from the same random words. */
export function carry(job: TransportRun, precision: "f32" | "f64"): Carried {
  const { particles, gaussians, records, walk, address, offset, noisy } = job;
  const { size } = gaussians;
  const arithmetic = precision === "f32" ? single : double;
  const make = (length: number) => (precision === "f32" ? new Float32Array(length) : new Float64Array(length));
  const blend = blendOf(shapeOf(job, precision), arithmetic);
  const maps = walk.maps.map(({ constants }) => (precision === "f32" ? Float32Array.from(constants) : constants));
  const samples = make(particles * size);
  const trajectory = make(records.length * particles * size);
  const z = make(BATCH * size);
  const round = precision === "f32" ? Math.fround : (x: number) => x;
  const keep = (steps: number, from: number, to: number) => {
    records.forEach((record, r) => {
      if (record === steps) trajectory.set(samples.subarray(from * size, to * size), (r * particles + from) * size);
    });
  };
  const skip = offset % 4;
  for (let quads = 0; quads < particles + skip; quads += BATCH) {
    const [from, to] = [Math.max(0, quads - skip), Math.min(particles, quads + BATCH - skip)];
    const own = samples.subarray(from * size, to * size);
    // Where in z the first particle's normals stand.
    const lead = (from + skip - quads) * size;
    fillNormals(z, address, 0, size, offset - skip + quads, arithmetic);
    own.set(z.subarray(lead, lead + own.length));
    keep(0, from, to);
    maps.forEach((map, s) => {
      for (let at = 0; at < own.length; at += size) blend.apply(own.subarray(at, at + size), map, 0);
      if (noisy) {
        const [fresh, bound] = [map[0] as number, map[1] as number];
        fillNormals(z, address, size * (1 + s), size, offset - skip + quads, arithmetic);
        for (let k = 0; k < own.length; k++) {
          const moved = round((own[k] as number) + round(fresh * (z[lead + k] as number)));
          own[k] = moved > bound ? bound : moved < -bound ? -bound : moved;
        }
      }
      keep(s + 1, from, to);
    });
  }
  return { samples, trajectory };
}

function shapeOf({ gaussians, axes }: Pick<TransportRun, "gaussians" | "axes">, precision: "f32" | "f64"): BlendShape {
  const { size, components } = gaussians;
  return { size, count: components.length, axes: precision === "f32" ? Float32Array.from(axes) : axes };
}

const words = new Uint32Array(BATCH);
const second = new Uint32Array(4);

/** Normals of coordinates first … first + size - 1 of samples index … index + BATCH - 1, a sample after another. */
function fillNormals(
  z: FloatArray,
  address: Address,
  first: number,
  size: number,
  index: number,
  arithmetic: Arithmetic,
): void {
  const exact = arithmetic.name === "f64";
  for (let c = 0; c < size; c++) {
    fillWords(words, address, first + c, PURPOSE.value, index);
    for (let k = 0; k < BATCH; k += 2) {
      const w = words[k] as number;
      const turn = words[k + 1] as number;
      if (w < RARE_BELOW) fillWords(second, address, first + c, PURPOSE.refinement, index + k - (k % 4));
      const u = unitRefined(w, second[k % 4] as number);
      const r = exact ? normalRadius64(u) : normalRadius(u);
      z[k * size + c] = r * (exact ? cosOfWord64(turn) : cosOfWord(turn));
      z[(k + 1) * size + c] = r * (exact ? sinOfWord64(turn) : sinOfWord(turn));
    }
  }
}

/** The twin of shaders/robotics/transport-field.wgsl, to the bit. */
export function fieldReference(reference: FieldReference, { x }: Given): Computed {
  const y = Float32Array.from(x as Float32Array);
  const { size } = reference.gaussians;
  const maps = Float32Array.from(reference.map.constants);
  const blend = blendOf(shapeOf(reference, "f32"), single);
  for (let at = 0; at < y.length; at += size) blend.apply(y.subarray(at, at + size), maps, 0);
  return { outputs: { y } };
}

/** The twin of shaders/robotics/transport-modes.wgsl. */
export function modesReference(reference: ModesReference, { x }: Given): Computed {
  const { gaussians, places, modes } = reference;
  const points = x as Float32Array;
  const { size } = gaussians;
  const maps = Float32Array.from(reference.map.constants);
  const blend = blendOf(shapeOf(reference, "f32"), single);
  const labels = new Uint32Array(points.length / size);
  const counts = new Uint32Array(modes);
  for (let i = 0; i < labels.length; i++) {
    const point = points.subarray(i * size, (i + 1) * size);
    const label = point.some(Number.isNaN) ? 2 ** 32 - 1 : (places[blend.nearest(point, maps, 0)] as number);
    labels[i] = label;
    if (label < modes) counts[label] = (counts[label] as number) + 1;
  }
  return { outputs: { labels, counts } };
}

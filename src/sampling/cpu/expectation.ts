import { bitsOf, floatOf } from "../../arithmetic/bits.ts";
import type { Computed } from "../../engine/cpu/work.ts";
import type { FloatArray } from "../../expression/evaluate.ts";
import { type Drawer, drawer } from "../draws.ts";
import {
  BLOCK_SAMPLES,
  type Integrand,
  outputsOf,
  type RecordLayout,
  RUN_SAMPLES,
  recordLayout,
} from "../integrand.ts";
import { type Batch, type BatchReference, runsOf } from "../plan.ts";

/** The records of a batch with the bits of shaders/sampling/expectation.wgsl: f32 arithmetic in the same order. */
export function expectationReference({ integrand, batch }: BatchReference): Computed {
  const layout = recordLayout(outputsOf(integrand), integrand.tallies);
  const { replicates, blocks, address, shifts } = batch;
  const outputs = outputsOf(integrand);
  const runs = runsOf(batch);
  const draw = drawer(integrand, "f32", RUN_SAMPLES);
  const sums = new Uint32Array(replicates * blocks * layout.words);
  const records = new Uint32Array(64 * layout.words);
  for (let unit = 0; unit < replicates * blocks; unit++) {
    const replicate = Math.floor(unit / blocks);
    const block = unit - replicate * blocks;
    const own = { ...address, stream: (address.stream + replicate) >>> 0 };
    const shift = shifts.subarray(replicate * outputs, (replicate + 1) * outputs);
    records.fill(0);
    for (let run = 0; run < runs; run++) {
      const [begin, end] = rangeOf(batch, block, run);
      if (begin >= end) continue;
      const first = (batch.firstBlock + block) * BLOCK_SAMPLES + run * RUN_SAMPLES;
      const record = records.subarray(run * layout.words, (run + 1) * layout.words);
      foldRun({ integrand, layout, draw, shift }, { address: own, first, begin, end }, record);
    }
    foldBlock(records, layout, sums.subarray(unit * layout.words, (unit + 1) * layout.words));
  }
  return { outputs: { sums } };
}

/** The samples asked for of a run: [begin, end) of 0 … 1,024. */
function rangeOf(batch: Batch, block: number, run: number): readonly [begin: number, end: number] {
  const first = run * RUN_SAMPLES;
  const from = block === 0 ? batch.skip : 0;
  const to = block + 1 === batch.blocks ? batch.tail : BLOCK_SAMPLES;
  const clamp = (x: number) => Math.min(Math.max(x, first), first + RUN_SAMPLES) - first;
  return [clamp(from), clamp(to)];
}

interface Run {
  readonly address: Batch["address"];
  readonly first: number;
  readonly begin: number;
  readonly end: number;
}

interface Fold {
  readonly integrand: Integrand;
  readonly layout: RecordLayout;
  readonly draw: Drawer;
  readonly shift: Float32Array;
}

function foldRun({ integrand, layout, draw, shift }: Fold, run: Run, record: Uint32Array): void {
  const { begin, end } = run;
  const from = begin - (begin % 4);
  const count = Math.ceil(end / 4) * 4 - from;
  const { outputs, rare } = draw(run.address, run.first + from, count);
  const { tallies } = integrand;
  const at: Range = { from, count, begin, end, apart: rare };
  markEdges(at);
  const distances = outputs.map((values, k) => {
    const { d, nonFinite } = distancesOf(values, shift[k] as number, at);
    record[layout.nonFinite(k)] = nonFinite;
    return d;
  });
  distances.forEach((d, k) => {
    const powers = foldPowers(d, at);
    record[layout.first(k)] = bitsOf(powers[0]);
    record[layout.second(k)] = bitsOf(powers[1]);
    if (!tallies.higher) return;
    record[layout.third(k)] = bitsOf(powers[2]);
    record[layout.fourth(k)] = bitsOf(powers[3]);
  });
  tallies.products.forEach(([j, k], pair) => {
    const b = distances[k] as Float32Array;
    const products = (distances[j] as Float32Array).map((x, i) => x * (b[i] as number));
    record[layout.product(pair)] = bitsOf(foldPowers(products, at)[0] as number);
  });
  tallies.peaks.forEach((k, index) => {
    record[layout.peak(index)] = bitsOf(peakOf(outputs[k] as FloatArray, at));
  });
  record[layout.count] = end - begin;
}

/** The samples of an array of `count` from place `from` of a run; those outside [begin, end) do not count. */
interface Range {
  readonly from: number;
  readonly count: number;
  readonly begin: number;
  readonly end: number;
  /** Quads that are summed in lanes of their own: those with a rare word, and those on an edge of the range. */
  readonly apart: Uint8Array;
}

function markEdges({ from, count, begin, end, apart }: Range): void {
  if (from < begin) apart[0] = 1;
  if (from + count > end) apart[count / 4 - 1] = 1;
}

function distancesOf(values: FloatArray, shift: number, at: Range): { d: Float32Array; nonFinite: number } {
  const d = new Float32Array(at.count);
  let nonFinite = 0;
  for (let i = Math.max(0, at.begin - at.from); i < at.end - at.from; i++) {
    const value = values[i] as number;
    if (Number.isFinite(value)) d[i] = value - shift;
    else nonFinite += 1;
  }
  return { d, nonFinite };
}

const f32 = Math.fround;
const sums = new Float32Array(16);

/** Quads that are summed apart before they are added to the run's sums. */
const GROUP = 16;

/** Σ d, Σ d², Σ d³ and Σ d⁴, each in four lanes that fold as (x + y) + (z + w). */
function foldPowers(d: Float32Array, { from, count, apart }: Range): readonly [number, number, number, number] {
  for (let j = 0; j < 4; j++) {
    let [a, b, c, e] = [0, 0, 0, 0];
    let [groupA, groupB, groupC, groupE] = [0, 0, 0, 0];
    let [rareA, rareB, rareC, rareE] = [0, 0, 0, 0];
    for (let i = j; i < count; i += 4) {
      if (((from + i) >> 2) % GROUP === 0) {
        a = f32(a + groupA);
        b = f32(b + groupB);
        c = f32(c + groupC);
        e = f32(e + groupE);
        groupA = groupB = groupC = groupE = 0;
      }
      const x = d[i] as number;
      const square = f32(x * x);
      const cube = f32(square * x);
      const fourth = f32(square * square);
      if (apart[i >> 2] === 0) {
        groupA = f32(groupA + x);
        groupB = f32(groupB + square);
        groupC = f32(groupC + cube);
        groupE = f32(groupE + fourth);
      } else {
        rareA = f32(rareA + x);
        rareB = f32(rareB + square);
        rareC = f32(rareC + cube);
        rareE = f32(rareE + fourth);
      }
    }
    sums[j] = f32(a + groupA) + rareA;
    sums[4 + j] = f32(b + groupB) + rareB;
    sums[8 + j] = f32(c + groupC) + rareC;
    sums[12 + j] = f32(e + groupE) + rareE;
  }
  const fold = (k: number) => {
    const low = f32((sums[k] as number) + (sums[k + 1] as number));
    return f32(low + f32((sums[k + 2] as number) + (sums[k + 3] as number)));
  };
  return [fold(0), fold(4), fold(8), fold(12)];
}

function peakOf(values: FloatArray, at: Range): number {
  let peak = 0;
  for (let i = Math.max(0, at.begin - at.from); i < at.end - at.from; i++) {
    const value = values[i] as number;
    if (Number.isFinite(value) && value > peak) peak = value;
  }
  return peak;
}

/** The binary tree of shaders/sampling/fold-blocks.wgsl over the records of 64 runs. */
function foldBlock(records: Uint32Array, layout: RecordLayout, out: Uint32Array): void {
  const { words, floats, peaks } = layout;
  for (let word = 0; word < words; word++) {
    let leaves = Array.from({ length: 64 }, (_, run) => records[run * words + word] as number);
    const join = word < floats ? joinFloats : word < floats + peaks ? joinPeaks : joinCounts;
    while (leaves.length > 1) {
      const half = leaves.length / 2;
      leaves = Array.from({ length: half }, (_, k) => join(leaves[2 * k] as number, leaves[2 * k + 1] as number));
    }
    out[word] = leaves[0] as number;
  }
}

function joinFloats(a: number, b: number): number {
  return bitsOf(floatOf(a) + floatOf(b));
}

function joinPeaks(a: number, b: number): number {
  return floatOf(a) > floatOf(b) ? a : b;
}

function joinCounts(a: number, b: number): number {
  return (a + b) >>> 0;
}

import source from "../../shaders/expectation.wgsl?raw";
import foldSource from "../../shaders/fold-blocks.wgsl?raw";
import math from "../../shaders/lib/math.wgsl?raw";
import philox from "../../shaders/lib/philox.wgsl?raw";
import sobol from "../../shaders/lib/sobol.wgsl?raw";
import strataSource from "../../shaders/lib/strata.wgsl?raw";
import threefry from "../../shaders/lib/threefry.wgsl?raw";
import variates from "../../shaders/lib/variates.wgsl?raw";
import { elementaryWgsl } from "../arithmetic/elementary-wgsl.ts";
import {
  defineKernel,
  grid,
  type Kernel,
  type Machine,
  type Pass,
  type PlanOf,
  pass,
  specialise,
} from "../engine/plan.ts";
import { signature } from "../expression/program.ts";
import { emitProgram } from "../expression/wgsl.ts";
import { strataParams } from "../random/strata.ts";
import type { Address } from "../random/words.ts";
import { emitDraws, expectationParams } from "./emit.ts";
import { BLOCK_RUNS, BLOCK_SAMPLES, type Integrand, RUN_SAMPLES, recordLayout } from "./integrand.ts";

/** The samples of one dispatch: the same blocks of some replicates, replicate r on stream address.stream + r. */
export interface Batch {
  readonly address: Address;
  readonly replicates: number;
  /** Index of the first block: its first sample is 2^16 times this. */
  readonly firstBlock: number;
  readonly blocks: number;
  /** Samples of the first block to leave out, and where the last block ends. */
  readonly skip: number;
  readonly tail: number;
  /** The shift of each output of each replicate. */
  readonly shifts: Float32Array;
}

/** What the CPU engine is told. */
export interface BatchReference {
  readonly integrand: Integrand;
  readonly batch: Batch;
}

const WIDTH = 64;

/** Runs of a block that hold samples of the batch. */
export function runsOf(batch: Batch): number {
  return batch.blocks === 1 ? Math.ceil(batch.tail / RUN_SAMPLES) : BLOCK_RUNS;
}

/** Sums of a batch: a record for each block of each replicate. */
export function planBatch(integrand: Integrand, batch: Batch, machine: Machine): PlanOf<"sums"> {
  const { address, replicates, blocks } = batch;
  const layout = recordLayout(integrand.program.outputs.length, integrand.tallies);
  const runs = runsOf(batch);
  const units = replicates * blocks;
  const items = units * runs;
  const firstQuad = batch.firstBlock * (BLOCK_SAMPLES / 4);
  const low = firstQuad % 2 ** 32;
  const own = Object.fromEntries(integrand.parameters.map((value, k) => [`p${k}`, value]));
  // Where NaN and infinities are known to reach the sums, those are looked at; elsewhere every value's bits.
  const strict = machine.numerics ? machine.numerics.path === "bits" : !machine.software;
  const kernel = kernelOf(integrand, address.generator, strict);
  const { draws } = integrand;
  const strata = draws.kind === "stratified" ? strataParams(draws.strata) : ([0, 0, 0] as const);
  const [strata_count, strata_width, strata_fraction] = strata;
  const folded = runs > 1;
  const passes: Pass[] = [
    pass(kernel, {
      bind: {
        shifts: "shifts",
        directions: draws.kind === "sobol" ? "directions" : "shifts",
        runs: folded ? "runs" : "sums",
      },
      params: {
        items,
        runs,
        blocks,
        skip: batch.skip,
        tail: batch.tail,
        quad_lo: low,
        quad_hi: (firstQuad - low) / 2 ** 32,
        stream: address.stream,
        seed_lo: address.seed[0],
        seed_hi: address.seed[1],
        strata_count,
        strata_width,
        strata_fraction,
        zero: 0,
        ...own,
      },
      grid: grid(Math.ceil(items / WIDTH), machine.limits, "expectation"),
    }),
  ];
  if (folded) {
    passes.push(
      pass(fold, {
        bind: { runs: "runs", blocks: "sums" },
        params: { words: layout.words, floats: layout.floats, peaks: layout.peaks, runs, items: units * layout.words },
        grid: grid(Math.ceil((units * layout.words) / WIDTH), machine.limits, "expectation"),
      }),
    );
  }
  const reference: BatchReference = { integrand, batch };
  return {
    name: "expectation",
    outputs: { sums: { shape: [units, layout.words], dtype: "u32" } },
    arenas: {},
    scratch: folded ? { runs: items * layout.words * 4 } : {},
    uploads: { shifts: batch.shifts, ...(draws.kind === "sobol" ? { directions: draws.directions } : {}) },
    clears: [],
    checks: [],
    passes,
    reference: { name: "expectation", options: reference },
  };
}

const fold = specialise(
  defineKernel({
    name: "fold-blocks",
    code: foldSource,
    bindings: { runs: "read", blocks: "read_write" },
    params: { words: "u32", floats: "u32", peaks: "u32", runs: "u32", items: "u32" },
  }),
  { WG: WIDTH },
);

/** Kernels made so far, the latest used last; a page on which formulas are typed must not keep them all. */
const kernels = new Map<string, Kernel<"shifts" | "directions" | "runs">>();
const MOST_KERNELS = 64;

function kernelOf(integrand: Integrand, generator: string, strict: boolean): Kernel<"shifts" | "directions" | "runs"> {
  const { variates: kinds, draws, tallies, program } = integrand;
  const key = JSON.stringify([
    kinds,
    draws.kind,
    draws.kind === "stratified" && draws.coordinates,
    tallies,
    generator,
    strict,
  ]);
  const name = `${key}\n${signature(program)}`;
  const known = kernels.get(name) ?? assemble(integrand, generator, strict);
  kernels.delete(name);
  kernels.set(name, known);
  const [oldest] = kernels.keys();
  if (kernels.size > MOST_KERNELS && oldest !== undefined) kernels.delete(oldest);
  return known;
}

function assemble(integrand: Integrand, generator: string, strict: boolean): Kernel<"shifts" | "directions" | "runs"> {
  const { code, functions } = emitProgram(integrand.program, "integrand");
  const parts = [
    math,
    generator === "philox4x32-10" ? philox : threefry,
    variates,
    elementaryWgsl(functions),
    code,
    integrand.draws.kind === "sobol" ? sobol : "",
    integrand.draws.kind === "stratified" ? strataSource : "",
    emitDraws(integrand, strict),
    source,
  ];
  return specialise(
    defineKernel({
      name: "expectation",
      code: parts.join("\n"),
      bindings: { shifts: "read", directions: "read", runs: "read_write" },
      params: expectationParams(integrand.program.parameters.length),
    }),
    { WG: WIDTH },
  );
}

import runSource from "../../shaders/lib/run.wgsl?raw";
import sobol from "../../shaders/lib/sobol.wgsl?raw";
import source from "../../shaders/sampling/expectation.wgsl?raw";
import groupsSource from "../../shaders/sampling/expectation-groups.wgsl?raw";
import foldSource from "../../shaders/sampling/fold-blocks.wgsl?raw";
import { variatesWith } from "../arithmetic/variates-wgsl.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { KernelCache } from "../engine/kernel-cache.ts";
import {
  defineKernel,
  definePlan,
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
import type { Address, GeneratorName } from "../random/words.ts";
import { emitSamples } from "./emit.ts";
import { emitGroups, emitSums, groupsMemory } from "./emit-sums.ts";
import { generatorWgsl } from "./generator-wgsl.ts";
import { BLOCK_RUNS, BLOCK_SAMPLES, type Integrand, outputsOf, RUN_SAMPLES, recordLayout } from "./integrand.ts";
import { mathOf, type Variant, variantOf } from "./variant.ts";

const cpu = cpuWork(() => import("./cpu/batch-work.ts"));

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

/** The samples that the CPU engine draws, and the function of which it keeps sums. */
export interface BatchReference {
  readonly integrand: Integrand;
  readonly batch: Batch;
}

const WIDTH = 64;

/** Groups that a run's samples are summed in. */
const RUN_GROUPS = 16;

/**
 * How many invocations share a run: one for each of its groups on GPUs, which have a hundred thousand to keep busy, unless what
 * they tell each other does not fit into the memory of a workgroup. A software adapter runs them one after another, and pays for
 * barriers.
 */
export function invocationsOfRun(integrand: Integrand, { software, limits }: Machine): number {
  const fits = groupsMemory(integrand, WIDTH / RUN_GROUPS) <= limits.maxComputeWorkgroupStorageSize;
  return !software && fits ? RUN_GROUPS : 1;
}

/** Runs of a block that hold samples of the batch. */
export function runsOf(batch: Batch): number {
  return batch.blocks === 1 ? Math.ceil(batch.tail / RUN_SAMPLES) : BLOCK_RUNS;
}

/** Sums of a batch: a record for each block of each replicate. */
export function planBatch(integrand: Integrand, batch: Batch, machine: Machine): PlanOf<"sums"> {
  const { address, replicates, blocks } = batch;
  const layout = recordLayout(outputsOf(integrand), integrand.tallies);
  const runs = runsOf(batch);
  const units = replicates * blocks;
  const items = units * runs;
  const firstQuad = batch.firstBlock * (BLOCK_SAMPLES / 4);
  const low = firstQuad % 2 ** 32;
  const parameters = Float32Array.from(integrand.parameters);
  const invocations = invocationsOfRun(integrand, machine);
  const kernel = kernelOf(integrand, address.generator, { ...variantOf(machine), invocations });
  const { draws } = integrand;
  const strata = draws.kind === "stratified" ? strataParams(draws.strata) : ([0, 0, 0] as const);
  const [strata_count, strata_width, strata_fraction] = strata;
  const folded = runs > 1;
  const passes: Pass[] = [
    pass(kernel, {
      bind: {
        shifts: "shifts",
        // What a variant does not read still needs something that fits.
        directions: draws.kind === "sobol" ? "directions" : "shifts",
        parameters: parameters.length > 0 ? "parameters" : "shifts",
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
      },
      grid: grid(Math.ceil((items * invocations) / WIDTH), machine.limits, "expectation"),
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
  return definePlan({
    name: "expectation",
    outputs: { sums: { shape: [units, layout.words], dtype: "u32" } },
    scratch: folded ? { runs: items * layout.words * 4 } : {},
    uploads: {
      shifts: batch.shifts,
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(draws.kind === "sobol" ? { directions: draws.directions } : {}),
    },
    passes,
    cpu: cpu({ integrand, batch }),
  });
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

/** `struct Params` of shaders/lib/run.wgsl. */
const PARAMS = {
  items: "u32",
  runs: "u32",
  blocks: "u32",
  skip: "u32",
  tail: "u32",
  quad_lo: "u32",
  quad_hi: "u32",
  stream: "u32",
  seed_lo: "u32",
  seed_hi: "u32",
  strata_count: "u32",
  strata_width: "u32",
  strata_fraction: "u32",
  zero: "u32",
} as const;

type ExpectationKernel = Kernel<"shifts" | "directions" | "parameters" | "runs", keyof typeof PARAMS>;

const kernels = new KernelCache<ExpectationKernel>();

interface Layout extends Variant {
  /** How many share a run. */
  readonly invocations: number;
}

function kernelOf(integrand: Integrand, generator: GeneratorName, layout: Layout): ExpectationKernel {
  const { variates: kinds, draws, tallies, program, rejections = [] } = integrand;
  const stratified = draws.kind === "stratified" ? draws.coordinates : [];
  const parts = [kinds, draws.kind, stratified, tallies, rejections, generator, layout];
  return kernels.get(`${JSON.stringify(parts)}\n${signature(program)}`, () => assemble(integrand, generator, layout));
}

function assemble(integrand: Integrand, generator: GeneratorName, layout: Layout): ExpectationKernel {
  const { code, functions } = emitProgram(integrand.program, "integrand");
  const alone = layout.invocations === 1;
  const parts = [
    mathOf(layout),
    generatorWgsl(generator, layout.slowShifts, integrand.draws.kind === "stratified"),
    variatesWith(functions),
    code,
    integrand.draws.kind === "sobol" ? sobol : "",
    emitSamples(integrand, layout),
    emitSums(integrand, layout.strict),
    runSource,
    ...(alone ? [source] : [emitGroups(integrand), groupsSource]),
  ];
  const constants = { WG: WIDTH, BRANCHES: layout.branches };
  return specialise(
    defineKernel({
      name: alone ? "expectation" : "expectation-groups",
      code: parts.join("\n"),
      bindings: { shifts: "read", directions: "read", parameters: "read", runs: "read_write" },
      params: PARAMS,
    }),
    alone ? constants : { ...constants, OUTPUTS: outputsOf(integrand) },
  );
}

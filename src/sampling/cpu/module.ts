import { OWN_PAGES, type WasmModule } from "../../engine/cpu/cores.ts";
import type { GeneratorName } from "../../random/words.ts";
import type { I32, V128 } from "../../wasm/code.ts";
import { callInto, type FunctionBuilder, type FunctionRef, ModuleBuilder, store } from "../../wasm/module.ts";
import { f32, i32, select } from "../../wasm/scalar.ts";
import { v128 } from "../../wasm/simd.ts";
import { callsIn, emitProgram } from "../../wasm-formulas/expression.ts";
import { coordinates, type Integrand, outputsOf, type RecordLayout, recordLayout } from "../integrand.ts";
import type { Evaluate } from "./draw.ts";
import { JOB, RUN_QUADS } from "./layout.ts";
import { emitRun, FLAG_BYTES, RUN_PARAMETERS } from "./run.ts";
import { helpersOf } from "./run-words.ts";

const BLOCK_RUNS = 64;
const BLOCK_QUADS = BLOCK_RUNS * RUN_QUADS;
const RUN_SAMPLES = 4 * RUN_QUADS;

/** Bytes of scratch that a call of `units` takes. */
export function scratchBytes({ words }: RecordLayout): number {
  return BLOCK_RUNS * words * 4 + FLAG_BYTES;
}

/**
 * WebAssembly of an integrand, with the entry
 *
 *   units(job, first, count, out, scratch)    records of units first … first + count - 1 of a batch, a unit a block of a replicate
 *
 * all of them addresses but `first` and `count`; the job is laid out as JOB says.
 */
export function expectationModule(integrand: Integrand, generator: GeneratorName): WasmModule {
  const module = new ModuleBuilder({ initial: 1, maximum: OWN_PAGES, shared: false });
  const layout = recordLayout(outputsOf(integrand), integrand.tallies);
  const kit = {
    integrand,
    generator,
    layout,
    helpers: helpersOf(module, integrand, generator),
    evaluator: evaluatorIn(module, integrand),
  };
  const run = module.function(
    RUN_PARAMETERS.map(() => "i32" as const),
    [],
    (f) => emitRun(f, kit),
  );
  const fold = foldFunction(module, layout);
  module.function(
    ["i32", "i32", "i32", "i32", "i32"],
    [],
    (f) => emitUnits(f, run, fold, layout, outputsOf(integrand)),
    "units",
  );
  return { name: "expectation", bytes: module.encoded() };
}

/** Programs longer than this are a function of their own, called once for each of the four samples of quads. */
const MOST_INLINE = 48;

export function evaluatorIn(
  module: ModuleBuilder,
  integrand: Integrand,
): (f: FunctionBuilder, parameters: I32) => Evaluate {
  const { program } = integrand;
  const short = program.instructions.length <= MOST_INLINE;
  const calls = callsIn(module, short ? Array.from({ length: 4 }, () => program) : [program]);
  const loaded = (f: FunctionBuilder, at: I32) => program.parameters.map((_, k) => f.let(v128.loadSplat(at, 4 * k)));
  if (short) {
    return (f, at) => {
      const parameters = loaded(f, at);
      return (variables) => emitProgram(f, program, variables, parameters, calls);
    };
  }
  const used = coordinates(integrand);
  const types = used.map(() => "v128" as const);
  const results = program.outputs.map(() => "v128" as const);
  const evaluate = module.function([...types, "i32"], results, (f) => {
    const variables: V128[] = [];
    used.forEach((c, k) => {
      variables[c] = f.parameter("v128", k);
    });
    f.return(...emitProgram(f, program, variables, loaded(f, f.parameter("i32", used.length)), calls));
  });
  return (f, at) => (variables) => {
    const places = results.map((type) => f.variable(type));
    callInto(f, evaluate, [...used.map((c) => variables[c] as V128), at], ...places);
    return places.map(({ value }) => value);
  };
}

/** A function (records, out): the binary tree of shaders/sampling/fold-blocks.wgsl over the records of 64 runs, in place. */
function foldFunction(module: ModuleBuilder, { words, floats, peaks }: RecordLayout): FunctionRef {
  return module.function(["i32", "i32"], [], (f) => {
    const records = f.parameter("i32", 0);
    for (let half = BLOCK_RUNS / 2; half >= 1; half /= 2) {
      f.for(i32.const(0), i32.const(half), 1, (k) => {
        const to = f.let(i32.add(records, i32.mul(k, i32.const(4 * words))));
        const left = f.let(i32.add(records, i32.mul(k, i32.const(8 * words))));
        for (let word = 0; word < words; word++) {
          const [a, b] = [4 * word, 4 * (word + words)];
          if (word < floats) f.emit(store.f32(to, f32.add(f32.load(left, a), f32.load(left, b)), 4 * word));
          else if (word < floats + peaks) {
            const [x, y] = [f.let(f32.load(left, a)), f.let(f32.load(left, b))];
            f.emit(store.f32(to, select(f32.gt(x, y), x, y), 4 * word));
          } else f.emit(store.i32(to, i32.add(i32.load(left, a), i32.load(left, b)), 4 * word));
        }
      });
    }
    for (let word = 0; word < words; word++) {
      f.emit(store.i32(f.parameter("i32", 1), i32.load(records, 4 * word), 4 * word));
    }
  });
}

function emitUnits(
  f: FunctionBuilder,
  run: FunctionRef,
  fold: FunctionRef,
  { words }: RecordLayout,
  outputs: number,
): void {
  const [job, first, count, out, scratch] = [0, 1, 2, 3, 4].map((k) => f.parameter("i32", k)) as [
    I32,
    I32,
    I32,
    I32,
    I32,
  ];
  const field = (name: keyof typeof JOB) => f.let(i32.load(job, JOB[name]));
  const [skip, tail, blocks, runs] = [field("skip"), field("tail"), field("blocks"), field("runs")];
  const [quadLow, quadHigh, stream] = [field("quadLow"), field("quadHigh"), field("stream")];
  const [shifts, parameters] = [field("shifts"), field("parameters")];
  const flags = f.let(i32.add(scratch, i32.const(BLOCK_RUNS * words * 4)));
  f.for(i32.const(0), count, 1, (k) => {
    const unit = f.let(i32.add(first, k));
    const replicate = f.let(i32.divU(unit, blocks));
    const block = f.let(i32.sub(unit, i32.mul(replicate, blocks)));
    const lower = f.let(select(i32.eqz(block), skip, i32.const(0)));
    const upper = f.let(select(i32.eq(i32.add(block, i32.const(1)), blocks), tail, i32.const(4 * BLOCK_QUADS)));
    f.for(i32.const(0), i32.const(BLOCK_RUNS), 1, (r) => {
      const record = f.let(i32.add(scratch, i32.mul(r, i32.const(4 * words))));
      const start = f.let(i32.mul(r, i32.const(RUN_SAMPLES)));
      const begin = f.let(i32.sub(clamped(lower, start), start));
      const end = f.let(i32.sub(clamped(upper, start), start));
      f.if(
        i32.and(i32.ltU(r, runs), i32.ltU(begin, end)),
        () => {
          const offset = f.let(i32.add(i32.mul(block, i32.const(BLOCK_QUADS)), i32.mul(r, i32.const(RUN_QUADS))));
          const low = f.let(i32.add(quadLow, offset));
          const high = i32.add(quadHigh, i32.ltU(low, offset));
          const own = i32.add(shifts, i32.mul(replicate, i32.const(4 * outputs)));
          const args = [job, low, high, i32.add(stream, replicate), begin, end, own, parameters, record, flags];
          callInto(f, run, args);
        },
        () => {
          for (let word = 0; word < words; word++) f.emit(store.i32(record, i32.const(0), 4 * word));
        },
      );
    });
    callInto(f, fold, [scratch, i32.add(out, i32.mul(k, i32.const(4 * words)))]);
  });
}

/** A place of a block, moved into the run that starts at `start`. */
function clamped(x: I32, start: I32): I32 {
  const end = i32.add(start, i32.const(RUN_SAMPLES));
  const below = select(i32.ltU(x, start), start, x);
  return select(i32.ltU(x, end), below, end);
}

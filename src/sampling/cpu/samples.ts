import { COMMON_PAGES, type WasmModule } from "../../engine/cpu/cores.ts";
import type { GeneratorName } from "../../random/words.ts";
import type { I32 } from "../../wasm/code.ts";
import { type FunctionBuilder, ModuleBuilder, store, type Variable } from "../../wasm/module.ts";
import { i32, select } from "../../wasm/scalar.ts";
import { i32x4, v128 } from "../../wasm/simd.ts";
import { transposed } from "../../wasm-formulas/transposed.ts";
import { type Integrand, outputsOf } from "../integrand.ts";
import { drawCareful, drawQuick, type Evaluate, type Four } from "./draw.ts";
import { evaluatorIn } from "./module.ts";
import { helpersOf, type Quads, type Source, sourceOf } from "./run-words.ts";

/** Samples that are drawn together: four quads. */
export const DRAWN = 16;

/** Parameters of the entry, all of them addresses or numbers of 32 bits. */
const PARAMETERS = ["job", "parameters", "low", "high", "stream", "begin", "end", "y", "scratch"] as const;

/** The arguments of the entry "samples", by name. */
export type SampleTask = Readonly<Record<(typeof PARAMETERS)[number], number>>;

export const SAMPLE_TYPES = PARAMETERS.map(() => "i32" as const);

export function argumentsOf(task: SampleTask): readonly number[] {
  return PARAMETERS.map((name) => task[name]);
}

/**
 * WebAssembly of the samples of an integrand, with the entry "samples", which writes the outputs of samples begin … end - 1
 * after quad (low, high), a multiple of four, as rows from y on. Scratch holds `DRAWN` rows.
 */
export function sampleModule(integrand: Integrand, generator: GeneratorName, shared: boolean): WasmModule {
  const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
  const helpers = helpersOf(module, integrand, generator);
  const evaluator = evaluatorIn(module, integrand);
  const emit = (f: FunctionBuilder) => {
    const given = givenTo(f);
    const place = { job: given("job"), low: given("low"), high: given("high"), stream: given("stream") };
    const source = sourceOf(f, integrand, generator, helpers, place);
    emitSamples(f, integrand, source, evaluator(f, given("parameters")));
  };
  module.function(SAMPLE_TYPES, [], emit, "samples");
  return { name: "sample", bytes: module.encoded() };
}

/** An entry's parameters by name. */
export function givenTo(f: FunctionBuilder): (name: keyof SampleTask) => I32 {
  return (name) => f.parameter("i32", PARAMETERS.indexOf(name));
}

function emitSamples(f: FunctionBuilder, integrand: Integrand, source: Source, evaluate: Evaluate): void {
  const given = givenTo(f);
  const [begin, end] = [given("begin"), given("end")];
  const row = 4 * outputsOf(integrand);
  const base = f.let(i32.sub(given("y"), i32.mul(begin, i32.const(row))));
  f.for(i32.and(begin, i32.const(-DRAWN)), end, DRAWN, (sample) => {
    const past = f.let(i32.add(sample, i32.const(DRAWN)));
    const whole = f.let(i32.and(i32.geS(sample, begin), i32.geS(end, past)));
    const at = f.let(i32.add(base, i32.mul(sample, i32.const(row))));
    const to = f.let(select(whole, at, given("scratch")));
    storeRows(f, to, drawAt(f, integrand, source, evaluate, sample));
    f.if(i32.eqz(whole), () => {
      const from = f.let(select(i32.gtS(begin, sample), begin, sample));
      const stop = f.let(select(i32.gtS(past, end), end, past));
      const bytes = (place: I32) => f.let(i32.mul(i32.sub(place, sample), i32.const(row)));
      f.for(bytes(from), bytes(stop), 4, (offset) => {
        f.emit(store.i32(i32.add(at, offset), i32.load(i32.add(to, offset))));
      });
    });
  });
}

/** The outputs of 16 samples, rare words and rejections seen to. */
function drawAt(
  f: FunctionBuilder,
  integrand: Integrand,
  source: Source,
  evaluate: Evaluate,
  sample: I32,
): readonly Four[] {
  const given = givenTo(f);
  const q = f.let(i32.shrU(sample, i32.const(2)));
  const low = i32x4.add(i32x4.splat(i32.add(given("low"), q)), v128.words(0, 1, 2, 3));
  const quads: Quads = { q, low: f.let(low) };
  const { outputs, flagged } = drawQuick(f, integrand, source, quads, evaluate);
  const values = outputs.slice(0, outputsOf(integrand)).map((four) => four.map((value) => f.variable("v128", value)));
  f.if(v128.anyTrue(flagged), () => {
    const careful = drawCareful(f, integrand, source, quads, evaluate);
    values.forEach((four, k) => {
      four.forEach((value, j) => void value.set((careful[k] as Four)[j] ?? value.value));
    });
  });
  return values.map((four) => four.map(({ value }: Variable<"v128">) => value) as unknown as Four);
}

/** Writes 16 rows: sample j of quad l is in lane l of vector j. */
function storeRows(f: FunctionBuilder, to: I32, outputs: readonly Four[]): void {
  const [only] = outputs;
  if (outputs.length === 1 && only) {
    for (const [l, quad] of transposed(f, only).entries()) f.emit(v128.store(to, quad, 16 * l));
    return;
  }
  outputs.forEach((four, k) => {
    four.forEach((value, j) => {
      for (let l = 0; l < 4; l++) f.emit(v128.storeLane(to, value, l, 4 * ((4 * l + j) * outputs.length + k)));
    });
  });
}

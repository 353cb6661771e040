import type { GeneratorName } from "../../random/words.ts";
import type { I32, V128 } from "../../wasm/code.ts";
import { type FunctionBuilder, store, type Variable } from "../../wasm/module.ts";
import { i32 } from "../../wasm/scalar.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import { type Integrand, outputsOf, type RecordLayout } from "../integrand.ts";
import { drawCareful, drawQuick, type Evaluate, type Four } from "./draw.ts";
import { GROUP_QUADS, RUN_QUADS } from "./layout.ts";
import { type Helpers, type Quads, sourceOf } from "./run-words.ts";
import { Sums } from "./sums.ts";

/** Parameters of the function that takes a run. */
export const RUN_PARAMETERS = [
  "job",
  "low",
  "high",
  "stream",
  "begin",
  "end",
  "shifts",
  "parameters",
  "record",
  "flags",
] as const;

export interface RunKit {
  readonly integrand: Integrand;
  readonly generator: GeneratorName;
  readonly layout: RecordLayout;
  readonly helpers: Helpers;
  /** How the program is evaluated, given the address of its parameters. */
  readonly evaluator: (f: FunctionBuilder, parameters: I32) => Evaluate;
}

/** Bytes of the flags of a run's quads. */
export const FLAG_BYTES = RUN_QUADS;

/**
 * The sums of samples begin … end - 1 of a run, as shaders/sampling/expectation.wgsl has them: a quick loop over four quads at a time, which
 * flags the quads that it cannot treat, and a second one that visits those. Where a sum shows that a value was not finite, the quick
 * loop runs again and looks at every value.
 */
export function emitRun(f: FunctionBuilder, kit: RunKit): void {
  const { integrand, layout } = kit;
  const given = (name: (typeof RUN_PARAMETERS)[number]) => f.parameter("i32", RUN_PARAMETERS.indexOf(name));
  const [begin, end, low, flags] = [given("begin"), given("end"), given("low"), given("flags")];
  const place = { job: given("job"), low, high: given("high"), stream: given("stream") };
  const source = sourceOf(f, integrand, kit.generator, kit.helpers, place);
  const evaluate = kit.evaluator(f, given("parameters"));
  const outputs = outputsOf(integrand);
  const shifts = Array.from({ length: outputs }, (_, k) => f.let(v128.loadSplat(given("shifts"), 4 * k)));
  const [sums, part, rare] = [0, 1, 2].map(() => new Sums(f, outputs, integrand.tallies)) as [Sums, Sums, Sums];
  const first = f.let(i32.and(i32.shrU(begin, i32.const(2)), i32.const(-GROUP_QUADS)));
  const last = f.let(i32.shrU(i32.add(end, i32.const(3)), i32.const(2)));
  const from = f.let(i32x4.splat(begin));
  const to = f.let(i32x4.splat(end));
  const lanes = v128.words(0, 1, 2, 3);
  const quadsAt = (q: I32): Quads => ({ q, low: f.let(i32x4.add(i32x4.splat(i32.add(low, q)), lanes)) });
  const samplesAt = (q: I32): V128 => f.let(i32x4.shl(i32x4.add(i32x4.splat(q), lanes), 2));
  const strict = f.variable("i32");

  const quick = (q: I32): void => {
    const drawn = drawQuick(f, integrand, source, quadsAt(q), evaluate);
    const samples = samplesAt(q);
    const beyond = v128.or(i32x4.ltS(samples, from), i32x4.gtS(i32x4.add(samples, i32x4.const(4)), to));
    const flagged = f.let(v128.or(drawn.flagged, beyond));
    f.emit(store.i32(i32.add(flags, q), i32x4.bitmask(flagged)));
    const values = drawn.outputs.slice(0, outputs);
    const dropped = values.flatMap((four) => four.map(() => f.variable("v128", flagged)));
    const drop = (k: number, j: number) => dropped[4 * k + j] as Variable<"v128">;
    f.if(strict.value, () => {
      values.forEach((four, k) => {
        four.forEach((value, j) => {
          const bad = f.let(v128.andNot(notFinite(value), flagged));
          sums.count(k, bad);
          drop(k, j).set(v128.or(flagged, bad));
        });
      });
    });
    const keptOf = (value: V128, k: number, j: number) => {
      return f.let(v128.andNot(value, drop(k, j).value));
    };
    part.add(
      values.map((four, k) => four.map((y, j) => keptOf(f32x4.sub(y, shifts[k] as V128), k, j)) as unknown as Four),
    );
    integrand.tallies.peaks.forEach((k, index) => {
      sums.see(index, (values[k] as Four).map((y, j) => keptOf(y, k, j)) as unknown as Four);
    });
  };

  f.repeat(() => {
    sums.reset();
    f.for(first, last, GROUP_QUADS, (base) => {
      part.reset();
      f.for(base, i32.add(base, i32.const(GROUP_QUADS)), 4, quick);
      sums.join(part);
    });
    strict.set(i32.and(i32.eqz(strict.value), i32.eqz(sums.finite())));
    return strict.value;
  });

  rare.reset();
  f.for(first, last, 4, (q) => {
    const bits = f.let(i32.load(i32.add(flags, q)));
    f.if(bits, () => {
      const flagged = f.let(i32x4.ne(v128.and(i32x4.splat(bits), v128.words(1, 2, 4, 8)), i32x4.const(0)));
      const samples = samplesAt(q);
      const values = drawCareful(f, integrand, source, quadsAt(q), evaluate);
      const asked = [0, 1, 2, 3].map((j) => {
        const sample = f.let(i32x4.add(samples, i32x4.const(j)));
        return f.let(v128.and(v128.andNot(i32x4.ltS(sample, to), i32x4.ltS(sample, from)), flagged));
      });
      const kept = values.map((four, k) =>
        four.map((value, j) => {
          const bad = f.let(v128.and(notFinite(value), asked[j] as V128));
          rare.count(k, bad);
          return f.let(v128.andNot(asked[j] as V128, bad));
        }),
      );
      rare.add(
        values.map(
          (four, k) =>
            four.map((y, j) =>
              f.let(v128.and(f32x4.sub(y, shifts[k] as V128), kept[k]?.[j] as V128)),
            ) as unknown as Four,
        ),
      );
      integrand.tallies.peaks.forEach((k, index) => {
        rare.see(index, (values[k] as Four).map((y, j) => f.let(v128.and(y, kept[k]?.[j] as V128))) as unknown as Four);
      });
    });
  });
  sums.store(given("record"), rare, i32.sub(end, begin), layout);
}

function notFinite(x: V128): V128 {
  const exponent = i32x4.const(0x7f800000);
  return i32x4.eq(v128.and(x, exponent), exponent);
}

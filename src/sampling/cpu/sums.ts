import type { F32, I32, V128 } from "../../wasm/code.ts";
import { type FunctionBuilder, store, type Variable } from "../../wasm/module.ts";
import { f32, i32, select } from "../../wasm/scalar.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import { transposed } from "../../wasm-formulas/transposed.ts";
import type { RecordLayout, Tallies } from "../integrand.ts";
import type { Four } from "./draw.ts";

interface Term {
  readonly sum: Variable<"v128">;
  readonly word: (layout: RecordLayout) => number;
  /** What a quad adds, given each output's distance from its shift, sample j in lane j. */
  readonly value: (distances: readonly Powers[]) => V128;
}

interface Powers {
  readonly d: V128;
  readonly square: V128;
}

/** The sums of a record, in four lanes (sample mod 4), but for the count. */
export class Sums {
  readonly #f: FunctionBuilder;
  readonly #terms: readonly Term[];
  readonly #peaks: readonly Variable<"v128">[];
  readonly #nonFinite: readonly Variable<"v128">[];
  readonly #tallies: Tallies;

  constructor(f: FunctionBuilder, outputs: number, tallies: Tallies) {
    this.#f = f;
    this.#tallies = tallies;
    this.#terms = termsOf(f, outputs, tallies);
    this.#peaks = tallies.peaks.map(() => f.variable("v128"));
    this.#nonFinite = Array.from({ length: outputs }, () => f.variable("v128"));
  }

  reset(): void {
    const all = [...this.#terms.map(({ sum }) => sum), ...this.#peaks, ...this.#nonFinite];
    for (const sum of all) sum.set(i32x4.const(0));
  }

  /** Adds the distances of 16 samples, quad after quad. */
  add(distances: readonly Four[]): void {
    const f = this.#f;
    // From sample j of four quads in [j] to the four samples of quad k in [k].
    const turned = distances.map((four) => transposed(f, four));
    for (let quad = 0; quad < 4; quad++) {
      const powers = turned.map((four) => {
        const d = four[quad] as V128;
        return { d, square: f.let(f32x4.mul(d, d)) };
      });
      for (const { sum, value } of this.#terms) sum.set(f32x4.add(sum.value, value(powers)));
    }
  }

  /** Sees the largest of an output's values; those that are 0 or less, or that do not count, are 0. */
  see(index: number, values: Four): void {
    const peak = this.#peaks[index] as Variable<"v128">;
    for (const value of values) peak.set(f32x4.pmax(peak.value, value));
  }

  /** Counts lanes whose mask is set. */
  count(output: number, mask: V128): void {
    const counter = this.#nonFinite[output] as Variable<"v128">;
    counter.set(i32x4.sub(counter.value, mask));
  }

  /** Adds a group's sums. */
  join(part: Sums): void {
    this.#terms.forEach(({ sum }, k) => {
      sum.set(f32x4.add(sum.value, (part.#terms[k] as Term).sum.value));
    });
  }

  /** Whether no sum of squares shows a value that is not finite. */
  finite(): I32 {
    const squares = this.#terms.filter((_, k) => k % this.#each === 1 && k < this.#each * this.#nonFinite.length);
    const exact = squares.map(({ sum }) => f32x4.eq(f32x4.sub(sum.value, sum.value), f32x4.const(0)));
    return i32x4.allTrue(exact.reduce(v128.and));
  }

  get #each(): number {
    return this.#tallies.higher ? 4 : 2;
  }

  /** Writes a run's record: the quick loop's sums and those of the quads apart. */
  store(at: I32, rare: Sums, count: I32, layout: RecordLayout): void {
    const f = this.#f;
    this.#terms.forEach(({ sum, word }, k) => {
      const both = f.let(f32x4.add(sum.value, (rare.#terms[k] as Term).sum.value));
      f.emit(store.f32(at, folded(both), 4 * word(layout)));
    });
    this.#peaks.forEach((peak, k) => {
      const both = f.let(f32x4.pmax(peak.value, (rare.#peaks[k] as Variable<"v128">).value));
      f.emit(store.f32(at, largest(both), 4 * layout.peak(k)));
    });
    this.#nonFinite.forEach((counter, k) => {
      const both = f.let(i32x4.add(counter.value, (rare.#nonFinite[k] as Variable<"v128">).value));
      const lanes = [0, 1, 2, 3].map((lane) => i32x4.lane(both, lane));
      f.emit(store.i32(at, lanes.reduce(i32.add), 4 * layout.nonFinite(k)));
    });
    f.emit(store.i32(at, count, 4 * layout.count));
  }
}

/** In the order of the record, so that output k's are at k times their number. */
function termsOf(f: FunctionBuilder, outputs: number, { higher, products }: Tallies): readonly Term[] {
  const sum = () => f.variable("v128");
  const of = (distances: readonly Powers[], k: number) => distances[k] as Powers;
  const terms: Term[] = [];
  for (let k = 0; k < outputs; k++) {
    terms.push({ sum: sum(), word: (layout) => layout.first(k), value: (all) => of(all, k).d });
    terms.push({ sum: sum(), word: (layout) => layout.second(k), value: (all) => of(all, k).square });
    if (!higher) continue;
    terms.push({
      sum: sum(),
      word: (layout) => layout.third(k),
      value: (all) => f32x4.mul(of(all, k).square, of(all, k).d),
    });
    terms.push({
      sum: sum(),
      word: (layout) => layout.fourth(k),
      value: (all) => f32x4.mul(of(all, k).square, of(all, k).square),
    });
  }
  products.forEach(([j, k], pair) => {
    const value = (all: readonly Powers[]) => f32x4.mul(of(all, j).d, of(all, k).d);
    terms.push({ sum: sum(), word: (layout) => layout.product(pair), value });
  });
  return terms;
}

/** (x + y) + (z + w) */
function folded(four: V128): F32 {
  const [x, y, z, w] = [0, 1, 2, 3].map((lane) => f32x4.lane(four, lane)) as [F32, F32, F32, F32];
  return f32.add(f32.add(x, y), f32.add(z, w));
}

function largest(four: V128): F32 {
  const larger = (a: F32, b: F32) => select(f32.gt(a, b), a, b);
  const [x, y, z, w] = [0, 1, 2, 3].map((lane) => f32x4.lane(four, lane)) as [F32, F32, F32, F32];
  return larger(larger(x, y), larger(z, w));
}

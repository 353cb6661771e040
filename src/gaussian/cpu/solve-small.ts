import type { I32, V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import { transposed } from "../../wasm-formulas/transposed.ts";
import type { MatrixAddresses, MatrixForm } from "./matrix-form.ts";
import type { System } from "./system.ts";
import type { Wide } from "./wide.ts";

/** What a group's solution leaves besides its sums. */
export interface Solution {
  /** Σ⁻¹ (x - mean), if it is wanted. */
  readonly slope: readonly Wide[];
  /** Set where a covariance is not exactly symmetric, a row a lane. */
  readonly uneven: V128 | undefined;
}

/** Solves the systems of four rows: written out, in locals. */
export function solveSmall(f: FunctionBuilder, form: MatrixForm, places: MatrixAddresses, system: System): Solution {
  const { dimension: d, scale } = form;
  const { math } = system;
  const given = entriesOf(f, places.spread, d * d, 4 * d * d);
  const u = Array.from({ length: d }, (_, i) =>
    Array.from({ length: i + 1 }, (_, j) => math.widened(given[i * d + j] as V128)),
  );
  u.forEach((row, i) => {
    row.forEach((entry, j) => void system.entry(entry, i === j));
  });
  const rows: Rows = { u, t: offsetsOf(f, form, places, system), units: [], slope: [] };
  for (let k = 0; k < d; k++) eliminate(form, system, rows, k);
  return { slope: rows.slope, uneven: scale ? undefined : unevenOf(f, given, d) };
}

/** Numbers of four rows that lie `bytes` apart, number k of each in vector k. */
function entriesOf(f: FunctionBuilder, at: I32, count: number, bytes: number): readonly V128[] {
  const entries: V128[] = [];
  for (let k = 0; k < count; k += 4) {
    const row = (r: number) => f.let(v128.load(at, r * bytes + 4 * k));
    entries.push(...transposed(f, [row(0), row(1), row(2), row(3)]));
  }
  return entries.slice(0, count);
}

function unevenOf(f: FunctionBuilder, entries: readonly V128[], d: number): V128 {
  let differences = f32x4.const(0);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      differences = v128.or(differences, v128.xor(entries[i * d + j] as V128, entries[j * d + i] as V128));
    }
  }
  return f.let(i32x4.ne(differences, i32x4.const(0)));
}

function offsetsOf(f: FunctionBuilder, form: MatrixForm, places: MatrixAddresses, system: System): Wide[] {
  const { dimension: d, ownMean } = form;
  const { math } = system;
  const means = ownMean ? entriesOf(f, places.mean, d, 4 * d) : undefined;
  return entriesOf(f, places.x, d, 4 * d).map((x, k) => {
    const mean = means?.[k] ?? f.let(v128.loadSplat(places.mean, 4 * k));
    const offset = math.sub(math.widened(x), math.widened(mean));
    system.offset(offset);
    return offset;
  });
}

/** What is left of the matrix, of x - mean, and of the unit vectors, the first's coordinates before k being done. */
interface Rows {
  readonly u: Wide[][];
  readonly t: Wide[];
  readonly units: Wide[][];
  readonly slope: Wide[];
}

function eliminate({ scale, gradients }: MatrixForm, system: System, { u, t, units, slope }: Rows, k: number): void {
  const { math } = system;
  const rate = system.pivot(u[k]?.[k] as Wide);
  const { share, weight } = system.share(t[k] as Wide, rate);
  units.push([]);
  const shares = units.map((unit) => system.unitShare(unit[k], rate));
  if (gradients.length > 0) {
    shares.forEach((part, c) => {
      const term = math.mul(part, weight);
      slope[c] = slope[c] ? math.add(slope[c], term) : term;
    });
  }
  for (let j = k + 1; j < u.length; j++) {
    const below = u[j]?.[k] as Wide;
    t[j] = math.less(t[j] as Wide, share, below);
    shares.forEach((part, c) => {
      const unit = units[c] as Wide[];
      unit[j] = math.less(unit[j] ?? math.all(0), part, below);
    });
    if (scale) continue;
    const part = math.mul(below, rate);
    for (let i = k + 1; i <= j; i++) {
      (u[j] as Wide[])[i] = math.less(u[j]?.[i] as Wide, part, u[i]?.[k] as Wide);
    }
  }
}

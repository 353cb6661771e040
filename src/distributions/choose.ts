import { call, type Expr, number } from "../expression/expr.ts";
import { add, mul, select, sub } from "../expression/simplify.ts";

// Choices among n things as formulas of about n selects: a place is found bit by bit, most significant first, so that each of
// n thresholds and n values is looked at once.

/** The bits of the place of u among ascending thresholds: how many of them are <= u. For u in (0, 1). */
export function placeOf(u: Expr, thresholds: readonly Expr[]): readonly Expr[] {
  const levels = bitsFor(thresholds.length + 1);
  const bits: Expr[] = [];
  for (let level = 0; level < levels; level++) {
    const [step, half] = [2 ** (levels - level), 2 ** (levels - level - 1)];
    const middles = Array.from({ length: 2 ** level }, (_, path) => thresholds[path * step + half - 1] ?? NEVER);
    bits.push(call("ge", u, picked(bits, middles)));
  }
  return bits;
}

const NEVER = number(2);

/** The bits of a whole number's formula, from 0 to below `count`. */
export function bitsOf(index: Expr, count: number): readonly Expr[] {
  const levels = bitsFor(count);
  const bits: Expr[] = [];
  let rest = index;
  for (let level = 0; level < levels; level++) {
    const half = number(2 ** (levels - level - 1));
    const bit = call("ge", rest, half);
    bits.push(bit);
    rest = sub(rest, mul(half, bit));
  }
  return bits;
}

/** The number that bits say. */
export function indexOf(bits: readonly Expr[]): Expr {
  return bits.reduce<Expr>((sum, bit, k) => add(sum, mul(number(2 ** (bits.length - 1 - k)), bit)), number(0));
}

/** The item at the place that bits say; they never say one beyond the last. */
export function picked(bits: readonly Expr[], items: readonly Expr[]): Expr {
  const [bit, ...rest] = bits;
  const half = 2 ** rest.length;
  const low = bit ? picked(rest, items.slice(0, half)) : items[0];
  if (!low) throw new RangeError("nothing to choose from");
  return bit && items.length > half ? select(bit, picked(rest, items.slice(half)), low) : low;
}

function bitsFor(count: number): number {
  return Math.ceil(Math.log2(count));
}

/** Sums of the probabilities before each place but the first; from the last positive one on they are 1, so that none after is chosen. */
export function thresholdsOf(probabilities: readonly number[]): readonly number[] {
  const last = probabilities.findLastIndex((p) => p > 0);
  let sum = 0;
  return probabilities.slice(0, -1).map((p, k) => {
    sum += p;
    return k >= last ? 1 : Math.min(sum, 1);
  });
}

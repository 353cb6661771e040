import type { Arithmetic } from "../../arithmetic/arithmetic.ts";
import { LOWEST } from "../../distributions/formulas.ts";
import type { FloatArray } from "../../expression/evaluate.ts";
import { HEAD, stride } from "./maps.ts";

/** A target's dimensions, its number of components, and their axes, which no map changes. */
export interface BlendShape {
  readonly size: number;
  readonly count: number;
  /** Of all components, row by row; empty where they are the coordinates'. */
  readonly axes: FloatArray;
}

export interface Blend {
  /** Puts the map that starts at `at` in `maps` into effect on x, in place. */
  apply(x: FloatArray, maps: FloatArray, at: number): void;
  /** The component with the greatest responsibility for x; the first of equal ones. */
  nearest(x: FloatArray, maps: FloatArray, at: number): number;
}

/** Half squared distances beyond this count as this: far away the weights alone decide, and nothing overflows. */
const FAR = 1e37;
/** exp(-60) of a sum is not in an f32, or f64, near 1, and its products are not subnormal. */
const GONE = 60;

/** The twin of shaders/lib/blend.wgsl, to the bit in f32, and the same in f64. Constants must be of that precision. */
export function blendOf({ size, count, axes }: BlendShape, { name, exp }: Arithmetic): Blend {
  const round = name === "f32" ? Math.fround : (x: number) => x;
  const y = new Float64Array(size);
  const out = new Float64Array(size);
  const sum = new Float64Array(size);
  const rotated = axes.length > 0;

  /** Whitened coordinates of x in component k's axes; gives the log-density, but for what all components share. */
  function whiten(x: FloatArray, maps: FloatArray, at: number, k: number): number {
    const own = at + HEAD + k * stride(size);
    let squares = 0;
    for (let j = 0; j < size; j++) {
      const place = own + 4 + 4 * j;
      const u = rotated ? along(x, k, j) : (x[j] as number);
      const white = round(round(u - (maps[place] as number)) * (maps[place + 1] as number));
      y[j] = white;
      squares = round(squares + round(white * white));
    }
    const half = round(squares * 0.5);
    return round((maps[own] as number) - (half > FAR ? round(FAR) : half));
  }

  function along(x: FloatArray, k: number, j: number): number {
    let result = 0;
    for (let i = 0; i < size; i++) {
      result = round(result + round((axes[(k * size + j) * size + i] as number) * (x[i] as number)));
    }
    return result;
  }

  function across(k: number, i: number): number {
    let result = 0;
    for (let j = 0; j < size; j++) {
      result = round(result + round((axes[(k * size + j) * size + i] as number) * (out[j] as number)));
    }
    return result;
  }

  return {
    apply(x, maps, at) {
      let peak = round(LOWEST);
      let total = 0;
      sum.fill(0);
      for (let k = 0; k < count; k++) {
        const own = at + HEAD + k * stride(size);
        const logit = whiten(x, maps, at, k);
        const rise = round(logit - peak);
        const higher = rise > 0;
        const size_ = Math.abs(rise);
        const less = size_ > GONE ? 0 : exp(-size_);
        const keep = higher ? less : 1;
        const share = higher ? 1 : less;
        if (higher) peak = logit;
        total = round(round(total * keep) + share);
        for (let j = 0; j < size; j++) {
          const place = own + 4 + 4 * j;
          out[j] = round((maps[place + 2] as number) + round((maps[place + 3] as number) * (y[j] as number)));
        }
        for (let i = 0; i < size; i++) {
          const value = rotated ? across(k, i) : (out[i] as number);
          sum[i] = round(round((sum[i] as number) * keep) + round(share * value));
        }
      }
      for (let i = 0; i < size; i++) x[i] = round((sum[i] as number) / total);
    },
    nearest(x, maps, at) {
      let best = 0;
      let peak = round(LOWEST);
      for (let k = 0; k < count; k++) {
        const logit = whiten(x, maps, at, k);
        if (logit > peak) {
          peak = logit;
          best = k;
        }
      }
      return best;
    },
  };
}

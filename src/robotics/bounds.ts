const f32 = Math.fround;

/** 2 (x - low) / (high - low + 1e-8) - 1 in f32, as TensorFlow does it, but that high - low + 1e-8 is rounded from f64. */
export function toBounds(x: number, low: number, high: number): number {
  return f32(f32(f32(2 * f32(f32(x) - f32(low))) / f32(high - low + 1e-8)) - 1);
}

/** The way back without the 1e-8, 0.5 (x + 1) (high - low) + low, in f64. */
export function fromBounds(x: number, low: number, high: number): number {
  return 0.5 * (x + 1) * (high - low) + low;
}

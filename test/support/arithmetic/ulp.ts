/** The distance between neighbouring f32 numbers at |x|: the unit in the last place, of normal numbers only. */
export function ulp(x: number): number {
  const size = Math.max(Math.abs(x), 2 ** -126);
  let exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent -= 1;
  else if (2 ** (exponent + 1) <= size) exponent += 1;
  return 2 ** (Math.min(exponent, 127) - 23);
}

/**
 * The error of an f32 result in units of ulp(max(|want|, floor)). Inf counts as 2^128, where want would round to it.
 * Where want is subnormal 0 is right too.
 */
export function errorInUlp(got: number, want: number, floor = 0): number {
  if (Object.is(got, want)) return 0;
  if (Math.abs(want) < 2 ** -126 && got === 0) return 0;
  const value = Math.abs(got) === Infinity ? Math.sign(got) * 2 ** 128 : got;
  const wanted = Math.abs(want) >= 2 ** 128 ? Math.sign(want) * 2 ** 128 : want;
  const error = Math.abs(value - wanted) / ulp(Math.max(Math.abs(wanted), floor));
  return Number.isNaN(error) ? Infinity : error;
}

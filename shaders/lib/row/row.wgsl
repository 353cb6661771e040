// What a lane knows of the part of a row that it has seen, and how two parts join.
//
// With d = (x - peak) * rate <= 0 (rate = 1 / temperature), the row's sum of exponentials is
// ties + rest: `ties` classes equal the peak (each is exactly 1), the others sum to `rest`, kept apart so
// that log(1 + rest) stays exact for a confident row. `rest` and `slope` are summed with Kahan's
// compensation once a chunk. No infinities or NaNs enter the arithmetic, because WGSL may assume them
// away: they are found in the bits and noted in `flags`. `extra` is what one kernel wants besides.

// `flags` has ROW_NAN and ROW_POSITIVE_INFINITY (src/rows/status.ts, whose constants are put in front), and
const ROW_KEPT = 8u;   // a class that no mask hides

const ROW_LOWEST = -0x1.fffffep+127f; // stands for "no class yet"
const ROW_LOWEST_BITS = 0xff7fffffu;
const ROW_CALM_BITS = 0x7e800000u; // 2^126: below it no difference of two logits overflows
const ROW_INFINITY_BITS = 0x7f800000u;
const ROW_NAN_BITS = 0x7fc00000u;
const ROW_MAGNITUDE = 0x7fffffffu;

struct Row {
  peak: f32,
  ties: f32,
  rest: f32,
  rest_lost: f32,
  slope: f32, // sum of exp(d) * d, for the entropy
  slope_lost: f32,
  flags: u32,
  extra: Extra,
}

fn row_empty() -> Row {
  return Row(ROW_LOWEST, 0.0, 0.0, 0.0, 0.0, 0.0, 0u, extra_empty());
}

// (a - b) * rate for a <= b, not below -86; in quarters, so that it cannot overflow.
fn row_distance(a: f32, b: f32) -> f32 {
  return math_larger(a * 0.25 - b * 0.25, params.floor * 0.25) * (params.rate * 4.0);
}

// Makes `peak`, which is no smaller, the value that d is measured from. A small raise adds exp(t) - 1 times
// the sums to them: a row that rises all the way would otherwise multiply the same rounding error by itself.
// A large one multiplies by exp(t): what it takes away would not survive as a difference.
fn row_raise(r: ptr<function, Row>, peak: f32) {
  let t = row_distance((*r).peak, peak);
  let e = math_exp_expm1(t, params.zero);
  let small = t > -0.5;
  let ties = (*r).ties;
  let sum = ties + (*r).rest;
  let slope = (*r).slope;
  let tilt = e.x * t * sum;
  let rises = peak > (*r).peak;
  let much = rises && !small;
  (*r).peak = select((*r).peak, peak, rises);
  (*r).ties = select(ties, 0.0, rises);
  (*r).rest = select((*r).rest, e.x * sum, much);
  (*r).rest_lost *= select(1.0, e.x, much);
  if ENTROPY {
    (*r).slope = select(slope, e.x * slope + tilt, much);
    (*r).slope_lost *= select(1.0, e.x, much);
  }
  // The former ties go through the compensated sum too.
  let gain = sum * e.y + select(0.0, ties, rises);
  row_add(r, select(0.0, gain, small), select(0.0, slope * e.y + tilt, small));
}

fn row_add(r: ptr<function, Row>, rest: f32, slope: f32) {
  let y = rest - (*r).rest_lost;
  let t = (*r).rest + y;
  (*r).rest_lost = (math_opaque(t, params.zero) - (*r).rest) - y;
  (*r).rest = t;
  if ENTROPY {
    let z = slope - (*r).slope_lost;
    let u = (*r).slope + z;
    (*r).slope_lost = (math_opaque(u, params.zero) - (*r).slope) - z;
    (*r).slope = u;
  }
}

fn row_merge(a: ptr<function, Row>, other: Row) {
  var b = other;
  extra_merge(a, b);
  (*a).flags |= b.flags;
  let peak = math_larger((*a).peak, b.peak);
  row_raise(a, peak);
  row_raise(&b, peak);
  (*a).ties += b.ties;
  row_add(a, b.rest, b.slope);
}

// ROW_SOUND, or why the row has no distribution: ROW_NAN, ROW_POSITIVE_INFINITY, ROW_NONE (no finite class is kept).
fn row_status(r: Row) -> u32 {
  if (r.flags & ROW_NAN) != 0u { return ROW_NAN; }
  if (r.flags & ROW_POSITIVE_INFINITY) != 0u { return ROW_POSITIVE_INFINITY; }
  return select(ROW_NONE, ROW_SOUND, r.ties > 0.0);
}

// The finished state: terms below exp(-86) were rounded up to it, so a sum of nothing else is none.
fn row_settled(r: Row) -> Row {
  var settled = r;
  if r.rest < 1e-30 {
    settled.rest = 0.0;
    settled.slope = 0.0;
  }
  return settled;
}

// log of the sum of exponentials of d.
fn row_log_sum(r: Row) -> f32 {
  if r.ties == 1.0 { return math_log1p(r.rest, params.zero); }
  return math_log(r.ties + r.rest, params.zero);
}

// The bits of a * b + c, where the true value may be beyond f32; |b| <= 2^100.
fn row_product_bits(a: f32, b: f32, c: f32) -> u32 {
  let scaled = (a * 7.88860905e-31) * b; // a * 2^-100 * b
  let beyond = select(0xff800000u, ROW_INFINITY_BITS, scaled > 0.0);
  return select(bitcast<u32>(a * b + c), beyond, abs(scaled) >= 2.68435456e8); // 2^28
}

// The bits of the row's log-sum-exp.
fn row_log_sum_exp_bits(r: Row) -> u32 {
  let status = row_status(r);
  if status == ROW_NAN { return ROW_NAN_BITS; }
  if status == ROW_POSITIVE_INFINITY { return ROW_INFINITY_BITS; }
  if status == ROW_NONE { return 0xff800000u; }
  return row_product_bits(r.peak, params.rate, row_log_sum(r));
}

fn row_add_horizontal(v: vec4<f32>) -> f32 {
  return (v.x + v.y) + (v.z + v.w);
}

// 2^u for u <= 4, for sums; ours takes u from -125 on.
fn row_exp2(u: f32, zero: u32) -> f32 {
  if NATIVE { return exp2(u); }
  return math_exp2_sum(u, zero);
}

// e u, e = 2^u: a term of the entropy. One that is 0 has no logarithm.
fn row_tilt(e: f32, u: f32) -> f32 {
  if NATIVE { return e * math_larger(u, -150.0); }
  return e * u;
}

// The larger of two logits. NATIVE machines are not programs on a CPU, and have an instruction for it.
fn row_larger(a: f32, b: f32) -> f32 {
  if NATIVE { return max(a, b); }
  return math_larger(a, b);
}

fn row_larger4(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  if NATIVE { return max(a, b); }
  return math_larger4(a, b);
}

fn row_larger_horizontal(v: vec4<f32>) -> f32 {
  return row_larger(row_larger(v.x, v.y), row_larger(v.z, v.w));
}

// The bits of the row's entropy in nats: 0 for a row that a mask hides whole, NaN for one without a distribution.
fn row_entropy_bits(r: Row) -> u32 {
  if (r.flags & ROW_KEPT) == 0u { return 0u; }
  if row_status(r) != ROW_SOUND { return ROW_NAN_BITS; }
  return bitcast<u32>(max(row_log_sum(r) - r.slope / (r.ties + r.rest), 0.0));
}

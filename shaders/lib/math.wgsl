// Our own exp and log, because the built-in ones may err by 3 + 2|x| ULP (exp) and by 2^-21 absolute
// near 1 (log), and give finite values at 0 and NaN (https://www.w3.org/TR/WGSL/#floating-point-accuracy).
//
// `zero` is 0 at run time but no compiler knows it: math_opaque(x, zero) is x, and a product that passes
// through it cannot be re-associated or contracted away (a plain bitcast is folded).
//
// Software GPUs shift lane by lane, even by constants, and multiply and convert all lanes at once: so exponents are
// put in place by products, and read by a conversion, which is exact.

const MATH_LOG2E = 1.44269504;
const MATH_LN2 = 0.693147181;
const MATH_MAGIC = 12582912.0; // 1.5 * 2^23: adding it leaves round(x) in the low bits

fn math_opaque(x: f32, zero: u32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ zero);
}

// The larger of two numbers. Software GPUs run this at a third of the cost of max(), which must also care for NaN.
fn math_larger(a: f32, b: f32) -> f32 {
  return select(b, a, a > b);
}

fn math_larger4(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  return select(b, a, a > b);
}

// exp(t) for -87.336 <= t <= 0, within 1 ULP: t = n ln 2 + r (Cody and Waite's two-part ln 2), and a
// minimax polynomial of degree 6 for exp(r), exact at 0 (relative error 4e-9 before rounding).
fn math_exp(t: f32, zero: u32) -> f32 {
  let shifted = bitcast<u32>(t * MATH_LOG2E + MATH_MAGIC) ^ zero;
  let n = bitcast<f32>(shifted) - MATH_MAGIC;
  let r = (t - math_opaque(n * 0.693359375, zero)) + n * 2.12194440e-4;
  return (math_expm1_near(r) + 1.0) * bitcast<f32>(shifted * 0x800000u + 0x3f800000u);
}

// (exp(t), exp(t) - 1) for -87.3 <= t <= 0, each with full relative accuracy.
fn math_exp_expm1(t: f32, zero: u32) -> vec2<f32> {
  let shifted = bitcast<u32>(t * MATH_LOG2E + MATH_MAGIC) ^ zero;
  let n = bitcast<f32>(shifted) - MATH_MAGIC;
  let r = (t - math_opaque(n * 0.693359375, zero)) + n * 2.12194440e-4;
  let near = math_expm1_near(r);
  let power = bitcast<f32>(shifted * 0x800000u + 0x3f800000u);
  return vec2<f32>((near + 1.0) * power, near * power + (power - 1.0));
}

// exp(r) - 1 for |r| <= ln(2) / 2.
fn math_expm1_near(r: f32) -> f32 {
  var p = r * 0.0013814599 + 0.0083687166;
  p = p * r + 0.041668389;
  p = p * r + 0.16666521;
  p = p * r + 0.49999994;
  return p * (r * r) + r;
}

// 2^u for -125 <= u <= 0 within 2 ULP of the rounded u; NaN gives NaN. Cheaper than math_exp; the rounding of u
// itself costs |u| ULP, which a sum forgives (its terms shrink faster than |u| grows) and a single term does not.
fn math_exp2_sum(u: f32, zero: u32) -> f32 {
  let shifted = bitcast<u32>(u + MATH_MAGIC) ^ zero;
  let f = u - (bitcast<f32>(shifted) - MATH_MAGIC);
  var p = f * 0.0013264724 + 0.0096715149;
  p = p * f + 0.0555073395;
  p = p * f + 0.2402224243;
  p = p * f + 0.6931470037;
  p = p * f + 1.0;
  return p * bitcast<f32>(shifted * 0x800000u + 0x3f800000u);
}

fn math_exp2_sum4(u: vec4<f32>, zero: u32) -> vec4<f32> {
  return vec4<f32>(math_exp2_sum(u.x, zero), math_exp2_sum(u.y, zero), math_exp2_sum(u.z, zero), math_exp2_sum(u.w, zero));
}

// log(1 + f) for sqrt(1/2) - 1 <= f <= sqrt(2) - 1 (coefficients: Cephes logf, S. Moshier).
fn math_log_near(f: f32) -> f32 {
  var p = 7.0376836292e-2 * f - 1.1514610310e-1;
  p = p * f + 1.1676998740e-1;
  p = p * f - 1.2420140846e-1;
  p = p * f + 1.4249322787e-1;
  p = p * f - 1.6668057665e-1;
  p = p * f + 2.0000714765e-1;
  p = p * f - 2.4999993993e-1;
  p = p * f + 3.3333331174e-1;
  return f - (0.5 * f * f - f * f * f * p);
}

// Natural logarithm of a positive normal x, within 2 ULP.
fn math_log(x: f32, zero: u32) -> f32 {
  let lifted = bitcast<u32>(x) + (0x3f800000u - 0x3f3504f3u);
  let n = f32(i32(lifted & 0x7f800000u)) * 0x1p-23 - 127.0;
  let m = bitcast<f32>((lifted & 0x7fffffu) + 0x3f3504f3u);
  return math_opaque(n * 0.693359375, zero) + (math_log_near(m - 1.0) - n * 2.12194440e-4);
}

// log(1 + y) for y >= 0, with full relative accuracy for small y: 1 + y is taken apart as math_log does it, and put aside
// where y is small, because software GPUs would compute both sides of a branch.
fn math_log1p(y: f32, zero: u32) -> f32 {
  let near = y < 0.41;
  let lifted = bitcast<u32>(1.0 + y) + (0x3f800000u - 0x3f3504f3u);
  let n = select(f32(i32(lifted & 0x7f800000u)) * 0x1p-23 - 127.0, 0.0, near);
  let f = select(bitcast<f32>((lifted & 0x7fffffu) + 0x3f3504f3u) - 1.0, y, near);
  return math_opaque(n * 0.693359375, zero) + (math_log_near(f) - n * 2.12194440e-4);
}

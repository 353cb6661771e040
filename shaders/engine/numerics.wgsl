// How this machine computes: every invocation writes what a few operations, a few functions of our own and the built-in ones
// give for inputs made of its index, and src/engine/numerics-judge.ts holds that against the same in TypeScript.
//
// One value an invocation and probe: words[probe * COUNT + i]. The last plane has what is asked once: the bits of the
// values given (NaN, infinities, a subnormal number), what arithmetic makes of them, and how far a long loop came.
//
// include: lib/math.wgsl, lib/elementary/*.wgsl, lib/variates.wgsl

struct Params {
  zero: u32,
  trips: u32,
}

@group(0) @binding(0) var<storage, read> given: array<f32>; // NaN, +Inf, -Inf, a subnormal number, 1, 2^-70
@group(0) @binding(1) var<storage, read_write> words: array<u32>;
@group(0) @binding(2) var<storage, read_write> copied: array<f32>; // the first four, stored as they are
@group(0) @binding(3) var<uniform> params: Params;

// A well mixed word (two rounds of xorshift and multiply).
fn mixed(k: u32) -> u32 {
  var x = k + 0x9e3779b9u;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}

// A number of either sign with 2^-8 <= |x| < 2^8, assembled from bits.
fn spread(w: u32) -> f32 {
  return bitcast<f32>(((119u + (w >> 28u)) << 23u) | (w & 0x7fffffu) | ((w << 8u) & 0x80000000u));
}

// A positive normal number: of any size where i is even, close to 1 where it is odd.
fn positive(w: u32, i: u32) -> f32 {
  let any = w % 0x7f000000u + 0x00800000u;
  let near = 0x3f7f0000u + (w & 0x1ffffu);
  return bitcast<f32>(select(near, any, (i & 1u) == 0u));
}

fn put(probe: u32, i: u32, x: f32) {
  words[probe * COUNT + i] = bitcast<u32>(x);
}

fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

fn is_infinite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u;
}

fn bit(k: u32, holds: bool) -> u32 {
  return select(0u, 1u << k, holds);
}

// What a sum of a and b loses to rounding (Knuth's TwoSum), with nothing to keep a compiler from making it 0.
fn lost_plain(a: f32, b: f32) -> f32 {
  let s = a + b;
  let t = s - a;
  return (a - (s - t)) + (b - t);
}

fn lost_guarded(a: f32, b: f32, zero: u32) -> f32 {
  let s = math_opaque(a + b, zero);
  let t = math_opaque(s - a, zero);
  return (a - math_opaque(s - t, zero)) + (b - t);
}

// Whether NaN and infinities show in sums, products and comparisons with y.
fn propagation(y: f32, zero: u32) -> u32 {
  let nan = given[0];
  let up = given[1];
  let down = given[2];
  return bit(0u, is_nan(nan + y))
    | bit(1u, is_nan(math_opaque(nan * y, zero) + y))
    | bit(2u, is_infinite(up + y))
    | bit(3u, is_infinite(down + y))
    | bit(4u, is_nan(up + down))
    | bit(5u, is_infinite(up * y))
    | bit(6u, !(nan > y) && !(nan < y))
    | bit(7u, up > y && !(up < y))
    | bit(8u, down < y && !(down > y))
    | bit(9u, is_nan(select(nan, y, nan > y)))
    | bit(10u, is_nan(exp2(nan + y)))
    | bit(11u, exp2(down) == 0.0)
    | bit(12u, exp2(math_opaque(-1e30, zero)) == 0.0 && exp2(math_opaque(-200.0, zero)) == 0.0)
    | bit(13u, is_infinite(fma(down, abs(y), y)) && is_nan(fma(nan, y, y)));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let zero = params.zero;
  let i = id.x;
  let wa = mixed(3u * i);
  let wb = mixed(3u * i + 1u);
  let wc = mixed(3u * i + 2u);
  let a = spread(wa);
  let b = spread(wb);
  let c = spread(wc);

  put(SUM, i, a + b);
  put(PRODUCT, i, a * b);
  put(QUOTIENT, i, a / b);
  put(ROOT, i, sqrt(abs(a)));

  let x = spread(wb);
  let y = positive(wc, i);
  let angle = math_opaque(f32(i32(wa) >> 8u) * 0x1.921fb6p-22, zero); // -pi to pi
  put(EXP, i, f_exp(x, zero));
  put(LOG, i, f_log(y, zero));
  put(BUILTIN_EXP, i, exp(x));
  put(BUILTIN_LOG, i, log(y));
  let u = f32(i32(wc >> 8u)) * 0x1p-17 - 124.0;
  put(BUILTIN_EXP2, i, exp2(select(u * 0x1p-10, u, (i & 1u) == 0u)));
  put(BUILTIN_SIN, i, sin(angle));
  put(BUILTIN_COS, i, cos(angle));

  // Every other radius word is small enough to be refined.
  let radius_word = select(wa >> 10u, wa, (i & 1u) == 0u);
  let direction = turn(wc, zero);
  put(RADIUS, i, normal_radius(unit_refined(radius_word, wb), zero));
  put(COSINE, i, direction.x);
  put(SINE, i, direction.y);

  let small = a * 3.0517578125e-5; // 2^-15, exact
  put(FUSED_GUARDED, i, math_opaque(a * b, zero) + c);
  let one = bitcast<f32>(zero ^ 0x3f800000u);
  put(FUSED_BY_ONE, i, fma(fma(a * b, one, 0.75) * b, one, c));
  put(FUSED_PLAIN, i, b * c + a);
  put(FUSED_REST, i, fma(a, b, -math_opaque(a * b, zero)));
  put(REGROUPED_GUARDED, i, math_opaque(small + 1.0, zero) - 1.0);
  put(REGROUPED_PLAIN, i, (small + 1.0) - 1.0);
  put(LOST_GUARDED, i, lost_guarded(a, small, zero));
  put(LOST_PLAIN, i, lost_plain(b, small));
  words[PROPAGATION * COUNT + i] = propagation(a, zero);

  // Selected, not branched to, which software GPUs compile slowly.
  let own = given[i & 3u];
  copied[i] = own;
  var once = bitcast<u32>(own);
  once = select(once, bitcast<u32>(given[3] * given[4]), i == 4u);
  once = select(once, bitcast<u32>(given[3] + given[3]), i == 5u);
  once = select(once, bitcast<u32>(given[5] * given[5]), i == 6u);
  once = select(once, bit(0u, given[0] != given[0]), i == 7u);
  // HALVES of src/engine/numerics-judge.ts.
  let halves = bitcast<vec2<u32>>(unpack2x16float(select(0x83ff0001u, 0x7e01fc00u, i > 10u) ^ zero));
  once = select(once, select(halves.x, halves.y, (i & 1u) == 0u), i > 8u && i < 13u);

  // A sequence whose state tells the number of steps. The last loop of all: some machines count trips over all of them.
  let trips = select(0u, params.trips, i == 8u);
  var state = 1u;
  for (var k = 0u; k < trips; k++) { state = state * 1664525u + 1013904223u; }
  words[ONCE * COUNT + i] = select(once, state, i == 8u);
}

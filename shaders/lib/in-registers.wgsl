// Rows of few classes, each held whole in registers: a logit is read once, and no sum is ever rescaled.
//
// Registers cannot be indexed, so what goes over a row's classes is written out for each number of them
// (src/rows/in-registers-code.ts): `Cells`, `cells_*` and `registers_trip`. A trip is GROUP rows, which, VEC4S, are whole
// vec4s of x. An invocation takes trip after trip: neighbours on a software GPU, every n-th elsewhere (STRIDED).
//
// The state of a row is the peak and `rest`, the sum of exp(d) over all classes but one that has the peak (d, ROW_* and
// row_*: lib/row/row.wgsl). A kernel brings `struct Tally { odd: bool, … }`, `registers_row` and `registers_mend`. A row without
// a distribution is found by its sum (or, STRICT, in its bits) and set right by `registers_mend` in a second loop:
// software GPUs execute both sides of a branch, but only one trip of a loop in vain. Conditions are joined by & and |:
// SwiftShader's compiler takes exponentially long over dozens of && and ||.

// params' values and products, made once, because software GPUs read a uniform, and multiply, at every use.
struct Own {
  base: u32,   // of x: element of the first row
  stride: u32,
  start: u32,  // of y, for kernels that write rows
  lowest: f32, // differences of logits below this count as this in sums: -86 / rate
  least: f32,  // below this they have probability 0: log(2^-126) / rate
  rate: f32,
  power: f32,  // rate * log2(e)
  zero: u32,
  first: u32,
  begin: u32,
  classes: u32,
  ignore: i32,
}

// What is kept of a row; slope is the sum of exp(d) d, for the entropy.
struct Sum {
  peak: f32,
  rest: f32,
  slope: f32,
}

const REGISTERS_MOST = 0x1.fffffep+127f;

fn registers_own() -> Own {
  return Own(
    params.base, params.stride, params.start, params.floor, params.floor * 1.01554, params.rate, params.rate * MATH_LOG2E,
    params.zero, params.first, params.begin, params.classes, params.ignore);
}

// log2(exp(d)) of one logit. Where exp2 is ours, terms below exp(-86) count as exp(-86).
fn registers_exponent(x: f32, peak: f32, own: Own) -> f32 {
  let d = x - peak;
  if NATIVE { return d * own.power; }
  return select(d, own.lowest, d < own.lowest) * own.power;
}

// exp(d) of one logit as a numerator of a probability: 0 below 2^-126.
fn registers_share(x: f32, peak: f32, own: Own) -> f32 {
  let d = x - peak;
  let none = d < own.least;
  return select(math_exp(select(d, 0.0, none) * own.rate, own.zero), 0.0, none);
}

// A logarithm of a probability, for kernels that write rows. What leaves f32 on the way is truly below its range: -inf.
fn registers_log(bits: u32, peak: f32, log_sum: f32, own: Own) -> u32 {
  let y = bitcast<u32>((bitcast<f32>(bits) - peak) * own.rate - log_sum);
  if STRICT { return select(y, bits, bits == 0xff800000u); }
  return y;
}

// Whether a sum cannot be believed; what STRICT looks at is in the bits.
fn registers_odd(v: Cells, peak: f32, sum: f32) -> bool {
  if STRICT { return cells_odd(v) | (bitcast<u32>(peak) == 0xff800000u); }
  return !(abs(peak) <= REGISTERS_MOST) | !(sum <= 3.0e38);
}

// A row's sum, and whether it is odd; of nothing but terms that were lifted to exp(-86) it is none.
fn registers_sum(v: Cells, own: Own, tally: ptr<function, Tally>) -> Sum {
  let sum = cells_sum(v, own);
  (*tally).odd |= registers_odd(v, sum.peak, sum.rest);
  let none = sum.rest < 1e-30;
  return Sum(sum.peak, select(sum.rest, 0.0, none), select(sum.slope, 0.0, none));
}

fn registers_at(row: u32, own: Own) -> u32 {
  return own.base + row * own.stride;
}

// The state of a row without a distribution. Of any other row it says that it has one, and no more.
fn registers_look(at: u32) -> Row {
  var r = row_empty();
  r.flags = ROW_KEPT;
  for (var c = 0u; c < COLUMNS; c++) {
    let bits = row_load_one(at + c);
    let size = bits & ROW_MAGNITUDE;
    if size > ROW_INFINITY_BITS { r.flags |= ROW_NAN; }
    if bits == ROW_INFINITY_BITS { r.flags |= ROW_POSITIVE_INFINITY; }
    if size < ROW_INFINITY_BITS { r.ties = 1.0; }
  }
  return r;
}

fn registers_walk(thread: u32, tally: ptr<function, Tally>) {
  let own = registers_own();
  let trips = params.rows / GROUP;
  let step = select(1u, params.threads, STRIDED);
  let begin = select(thread * params.run, thread, STRIDED);
  let end = select(min(trips, begin + params.run), trips, STRIDED);
  for (var trip = begin; trip < end; trip += step) { registers_trip(trip, own, tally); }
  for (var trip = select(end, begin, (*tally).odd); trip < end; trip += step) {
    for (var row = trip * GROUP; row < (trip + 1u) * GROUP; row++) {
      let r = registers_look(registers_at(row, own));
      if row_status(r) != ROW_SOUND { registers_mend(row, r, own, tally); }
    }
  }
}

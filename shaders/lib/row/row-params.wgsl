// What every kernel over rows of logits is told. A row is `columns` values of x, from element
// base + row * stride on, the first being class `begin`.

struct Params {
  rows: u32,       // rows of this dispatch
  first: u32,      // the first of them, counted over the whole tensor
  base: u32,
  stride: u32,
  begin: u32,
  columns: u32,
  classes: u32,    // of the full row
  segments: u32,   // items a row in this dispatch
  span: u32,       // values a segment
  parts: u32,      // segments a row in the dispatch that wrote `parts`
  maskStride: u32, // bits from one row's mask to the next
  start: u32,      // element of y at which the first row starts, for kernels that write rows; of sums, the first record
  ignore: i32,     // target that counts for nothing
  rate: f32,       // 1 / temperature
  floor: f32,      // differences of logits below this count as this: -86 / rate
  smoothing: f32,
  zloss: f32,
  run: u32,        // trips an invocation, for kernels over rows of few classes
  threads: u32,    // invocations, for the same
  own: u32,        // a number of one kernel's own
  zero: u32,       // 0, which no compiler knows
}

// Log-density of rows of few values under Gaussians with correlations (lib/gaussian-value.wgsl has the result):
// z = L^-1 (x - mean), covariance = L L^T, q = z^T z; and, BY_X, BY_MEAN, the gradient L^-T z.
//
// A row an invocation, its matrix in registers; where the matrix is shared, an invocation takes `run` rows and loads
// it once. `small_read` and `small_row` are written out for each size (src/gaussian/small-code.ts).
//
// include: lib/math.wgsl, lib/gaussian-bits.wgsl, lib/gaussian-value.wgsl, lib/gaussian-factor.wgsl

struct Params {
  rows: u32,
  row: u32, // of the whole call, the first row of this dispatch
  run: u32, // rows an invocation
  threads: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read> mean: array<u32>;
@group(0) @binding(2) var<storage, read> spread: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> byx: array<f32>;
@group(0) @binding(5) var<storage, read_write> bymean: array<f32>;
@group(0) @binding(6) var<storage, read_write> faults: array<atomic<u32>>;
@group(0) @binding(7) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let thread = (group.x + group.y * groups.x) * WG + lane;
  let rows = params.rows;
  let threads = params.threads;
  if thread >= threads { return; }
  let own = small_read();
  let step = select(1u, threads, STRIDED);
  let run = params.run;
  var row = select(thread * run, thread, STRIDED);
  let end = select(min(rows, row + run), rows, STRIDED);
  for (; row < end; row += step) { small_row(row, own); }
}

// expectation.wgsl with as many invocations as a GPU wants, and the same bits: an invocation takes one group of a run, and those of
// a run, side by side in a workgroup, add what they have in the order in which expectation.wgsl adds it.
//
// All that has an order is added by the first four invocations of a run, each in one of the four lanes. The quads that the quick
// loop has flagged are gone through in order, whichever group they are of, and drawn 16 at a time.
//
// Behind lib/run.wgsl stand the emitted
//   groups_joined(&array<LaneSums, 4>, local) -> LaneSums    a lane of the run's sums, in the invocation of that lane
//   lanes_share(local, &array<Lane, 4>), lane_shared(local, j) -> Lane    through `shared_words`
// and the constants WG and OUTPUTS.

const GROUPS = 16u;
const RUNS = WG / GROUPS;

var<workgroup> shared_words: array<vec4<u32>, WG * OUTPUTS>;
var<workgroup> flags: array<u32, WG>;
var<workgroup> lanes: array<LaneSums, 4u * RUNS>;
var<workgroup> top: atomic<u32>;
var<workgroup> agreed: u32;

// The sum of lane `local % GROUPS` of x over a run's groups, in order.
fn sum_of_groups(x: vec4<f32>, local: u32) -> f32 {
  let g = local % GROUPS;
  shared_words[local] = bitcast<vec4<u32>>(x);
  workgroupBarrier();
  var sum = 0.0;
  if g < 4u {
    for (var k = local - g; k < local - g + GROUPS; k++) { sum += bitcast<f32>(shared_words[k][g]); }
  }
  workgroupBarrier();
  return sum;
}

fn peak_of_groups(x: vec4<f32>, local: u32) -> f32 {
  let g = local % GROUPS;
  shared_words[local] = bitcast<vec4<u32>>(x);
  workgroupBarrier();
  var peak = 0.0;
  if g < 4u {
    for (var k = local - g; k < local - g + GROUPS; k++) { peak = math_larger(peak, bitcast<f32>(shared_words[k][g])); }
  }
  workgroupBarrier();
  return peak;
}

fn count_of_groups(x: vec4<u32>, local: u32) -> u32 {
  let g = local % GROUPS;
  shared_words[local] = x;
  workgroupBarrier();
  var count = 0u;
  if g < 4u {
    for (var k = local - g; k < local - g + GROUPS; k++) { count += shared_words[k][g]; }
  }
  workgroupBarrier();
  return count;
}

// The largest x of a workgroup.
fn largest(x: u32, local: u32) -> u32 {
  atomicMax(&top, x);
  workgroupBarrier();
  if local == 0u { agreed = atomicExchange(&top, 0u); }
  return workgroupUniformLoad(&agreed);
}

// A flagged quad of a run: the lowest of `bits` in group `at`.
struct Cursor { at: u32, bits: u32 }

// The flagged quad `steps` behind one; there must be that many.
fn cursor_moved(cursor: Cursor, steps: u32, first: u32) -> Cursor {
  var moved = cursor;
  var left = steps;
  var here = countOneBits(moved.bits);
  while left >= here {
    left -= here;
    moved.at += 1u;
    moved.bits = flags[first + moved.at];
    here = countOneBits(moved.bits);
  }
  while left > 0u {
    moved.bits &= moved.bits - 1u;
    left -= 1u;
  }
  return moved;
}

fn cursor_quad(cursor: Cursor) -> u32 {
  return cursor.at * 16u + firstTrailingBit(cursor.bits);
}

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (group.y * groups.x + group.x) * RUNS + local / GROUPS;
  let g = local % GROUPS;
  let first = local - g;
  // Nobody may leave before the last barrier: what has no run has one without samples.
  var run = run_at(min(item, params.items - 1u));
  if item >= params.items {
    run.begin = 0u;
    run.end = 0u;
  }

  var part = Sums();
  let found = sum_group(run, g * 16u, &part);
  var count = quick_samples(run, g * 16u, found);
  var parts = sums_lanes(&part);
  var sums = groups_joined(&parts, local);

  flags[local] = found;
  workgroupBarrier();
  var flagged = 0u;
  for (var k = first; k < first + GROUPS; k++) { flagged += countOneBits(flags[k]); }
  let most = largest(flagged, local);
  var rare = LaneSums();
  var drawing = Cursor(0u, flags[first]);
  var adding = drawing;
  for (var at = 0u; at < most; at += GROUPS) {
    if at + g < flagged {
      drawing = cursor_moved(drawing, select(GROUPS, g, at == 0u), first);
      var four = careful_quad(run, cursor_quad(drawing));
      lanes_share(local, &four);
    }
    workgroupBarrier();
    if g < 4u {
      for (var k = 0u; (k < GROUPS) & (at + k < flagged); k++) {
        adding = cursor_moved(adding, select(1u, 0u, at + k == 0u), first);
        let is_asked = asked(run, cursor_quad(adding), g);
        rare = lane_added(rare, lane_shared(first + k, g), run.shift, is_asked);
        count += select(0u, 1u, is_asked);
      }
    }
    workgroupBarrier();
  }

  if g < 4u { lanes[first / 4u + g] = sums; }
  workgroupBarrier();
  let redo = (run.begin < run.end) & !lanes_finite(run_lanes(first));
  if largest(select(0u, 1u, redo), local) == 1u {
    if redo { parts = careful_group(run, g * 16u, found); }
    let redone = groups_joined(&parts, local);
    if redo { sums = redone; }
  }

  if g < 4u { lanes[first / 4u + g] = lanes_joined(sums, rare); }
  let samples = count_of_groups(vec4<u32>(count), local);
  if (g == 0u) & (item < params.items) { record_store(item, run_lanes(first), samples); }
}

fn run_lanes(first: u32) -> array<LaneSums, 4> {
  let at = first / 4u;
  return array<LaneSums, 4>(lanes[at], lanes[at + 1u], lanes[at + 2u], lanes[at + 3u]);
}

// Sums of f over samples that exist only in registers: counter → words → variates → f → sums. An invocation takes one run.
//
// include: lib/run.wgsl

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (group.y * groups.x + group.x) * WG + local;
  if item >= params.items { return; }
  let run = run_at(item);
  let first_group = (run.begin / 4u) & ~15u;
  let q_end = (run.end + 3u) / 4u;

  var sums = Sums();
  // Set anew in each trip by an assignment: a declaration within the loop is zeroed once only on SwiftShader.
  var part: Sums;
  var count = 0u;
  var flags: array<u32, 16>;
  for (var base = first_group; base < q_end; base += 16u) {
    part = Sums();
    let found = sum_group(run, base, &part);
    sums_join(&sums, &part);
    count += quick_samples(run, base, found);
    flags[base / 16u] = found;
  }

  var rare: array<LaneSums, 4>;
  for (var base = first_group; base < q_end; base += 16u) {
    var bits = flags[base / 16u];
    while bits != 0u {
      let q = base + firstTrailingBit(bits);
      bits &= bits - 1u;
      var four = careful_quad(run, q);
      for (var j = 0u; j < 4u; j++) {
        let is_asked = asked(run, q, j);
        rare[j] = lane_added(rare[j], four[j], run.shift, is_asked);
        count += select(0u, 1u, is_asked);
      }
    }
  }

  var lanes = sums_lanes(&sums);
  if (run.begin < run.end) & !lanes_finite(lanes) {
    for (var j = 0u; j < 4u; j++) { lanes[j] = LaneSums(); }
    for (var base = first_group; base < q_end; base += 16u) {
      var redone = careful_group(run, base, flags[base / 16u]);
      for (var j = 0u; j < 4u; j++) { lanes[j] = lanes_joined(lanes[j], redone[j]); }
    }
  }
  for (var j = 0u; j < 4u; j++) { lanes[j] = lanes_joined(lanes[j], rare[j]); }
  record_store(item, lanes, count);
}

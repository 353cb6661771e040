// Joins the moments of up to LENGTH stretches of each minibatch into those of one.
//
// One workgroup for each output; its WG lanes stride over the inputs and join by a tree.
//
// include: lib/moments.wgsl

// `const WG` and `const LENGTH` are prepended.

struct Params {
  count: u32, // moments of a minibatch that are read
  parts: u32, // moments of a minibatch that are written
  items: u32, // moments written in all
}

@group(0) @binding(0) var<storage, read> moments: array<Moments>;
@group(0) @binding(1) var<storage, read_write> joined: array<Moments>;
@group(0) @binding(2) var<uniform> params: Params;

var<workgroup> lanes: array<Moments, WG>;

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = group.x + group.y * groups.x;
  if item >= params.items { return; }
  let first = (item / params.parts) * params.count;
  let start = first + (item % params.parts) * LENGTH;
  let end = min(start + LENGTH, first + params.count);
  var mine = moments_none();
  for (var k = start + local; k < end; k += WG) { mine = moments_join(mine, moments[k]); }
  for (var step = WG / 2u; step > 0u; step >>= 1u) {
    lanes[local] = mine;
    workgroupBarrier();
    if local < step { mine = moments_join(mine, lanes[local + step]); }
    workgroupBarrier();
  }
  if local == 0u { joined[item] = mine; }
}
